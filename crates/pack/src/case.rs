//! Cases by name: `baseline`, `S008`, `S008+S064=0.5`.

/// A case: the scenarios and levers it puts on, each with a strength.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it puts on; empty for the baseline.
    pub terms: Vec<Term>,
}

/// One scenario or lever of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Id of the scenario.
    pub scenario: String,
    /// Strength, 0 to 1; 1 where not stated.
    pub strength: f64,
    /// Byte offset of the id in the name of the case.
    pub at: usize,
}

impl Case {
    /// Reads the name of a case.
    ///
    /// # Errors
    /// Why it is not one, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim() == "baseline" {
            return Ok(Self { terms: Vec::new() });
        }
        let mut terms: Vec<Term> = Vec::new();
        let mut at = 0;
        for part in text.split('+') {
            let term = term(part, at)?;
            if terms.iter().any(|other| other.scenario == term.scenario) {
                return Err(format!("`{}` stands twice", term.scenario));
            }
            terms.push(term);
            at += part.len() + 1;
        }
        Ok(Self { terms })
    }
}

fn term(part: &str, at: usize) -> Result<Term, String> {
    let (id, strength) = part.split_once('=').unwrap_or((part, "1"));
    let lead = id.len() - id.trim_start().len();
    let id = id.trim();
    if id == "baseline" {
        return Err("the baseline has no scenario to combine with".to_owned());
    }
    if !crate::walk::is_id(id) {
        return Err(format!("`{id}` is not an id"));
    }
    match strength.trim().parse::<f64>() {
        Ok(strength) if (0.0..=1.0).contains(&strength) => Ok(Term { scenario: id.to_owned(), strength, at: at + lead }),
        _ => Err(format!("the strength `{}` is not a number from 0 to 1", strength.trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::Case;

    fn parsed(text: &str) -> Vec<(String, f64, usize)> {
        Case::parse(text).unwrap().terms.into_iter().map(|term| (term.scenario, term.strength, term.at)).collect()
    }

    #[test]
    fn reads_single_and_combined_cases() {
        assert_eq!(parsed("baseline"), []);
        assert_eq!(parsed("S008"), [("S008".to_owned(), 1.0, 0)]);
        assert_eq!(parsed("S008 + S064=0.5"), [("S008".to_owned(), 1.0, 0), ("S064".to_owned(), 0.5, 7)]);
    }

    #[test]
    fn refuses_what_is_no_case() {
        for text in ["", "+", "S001+", "S001=2", "S001=x", "S001=NaN", "baseline+S001", "S001+S001", "S 1"] {
            assert!(Case::parse(text).is_err(), "{text}");
        }
    }
}
