use oxus_diag::Span;

/// What an inventory of the source counts, and the source's own sections (`[inventory]` of `pack.toml`): what the pack is measured against.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// Causal claims.
    pub claims: Numbered,
    /// Figures.
    pub quantities: Numbered,
    /// Futures, shocks and levers.
    pub futures: Numbered,
    /// Outcomes that the source cares about.
    pub outcomes: Numbered,
    /// Headline questions.
    pub questions: Numbered,
    /// Sections in the order of the source.
    pub sections: Vec<Section>,
    /// The table.
    pub span: Span,
}

/// Ids that count up: `M001` to `M230`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// What stands before the digits.
    pub prefix: String,
    /// Number of digits, with leading zeros.
    pub digits: usize,
    /// First number.
    pub first: u32,
    /// Last number.
    pub last: u32,
}

impl Numbered {
    /// The run from the id `first` to the id `last`; `None` unless both are one prefix with as many digits, in order.
    #[must_use]
    pub fn between(first: &str, last: &str) -> Option<Self> {
        let split = |id: &str| {
            let digits = id.chars().rev().take_while(char::is_ascii_digit).count();
            let (prefix, number) = id.split_at(id.len() - digits);
            number.parse::<u32>().ok().map(|n| (prefix.to_owned(), digits, n))
        };
        let ((prefix, digits, first), (other, width, last)) = (split(first)?, split(last)?);
        (prefix == other && digits == width && first <= last).then_some(Self { prefix, digits, first, last })
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        (self.last - self.first) as usize + 1
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl Iterator<Item = String> + '_ {
        (self.first..=self.last).map(|n| format!("{}{n:0width$}", self.prefix, width = self.digits))
    }
}

/// A section of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its locator (`III.C`).
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its first and last note, where it has notes.
    pub notes: Option<(u32, u32)>,
}

impl Inventory {
    /// Position of the section that a locator names: the section itself (`III.C`), or the one of a note (`n.91`).
    #[must_use]
    pub fn section_of(&self, locator: &str) -> Option<usize> {
        if let Some(note) = locator.strip_prefix("n.") {
            let note: u32 = note.parse().ok()?;
            return self.sections.iter().position(|s| s.notes.is_some_and(|(first, last)| (first..=last).contains(&note)));
        }
        self.sections.iter().position(|s| s.id == locator)
    }
}
