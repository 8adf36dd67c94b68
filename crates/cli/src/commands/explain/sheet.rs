//! What `oxus explain` says of one thing: a heading, a text and facts under labels; on 80 columns, or as JSON.

use crate::output::rows::wrap;

/// Column at which facts start.
const LABEL: usize = 18;
/// Width of a page.
const PAGE: usize = 79;

/// One thing explained.
#[derive(Debug, Default)]
pub struct Sheet {
    sort: &'static str,
    id: String,
    title: String,
    says: String,
    facts: Vec<(&'static str, Vec<String>)>,
}

impl Sheet {
    /// A thing of a sort (`claim`, `event`, …) with its id and title; the title may be empty.
    pub fn new(sort: &'static str, id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { sort, id: id.into(), title: title.into(), ..Self::default() }
    }

    /// The text below the heading.
    pub fn says(mut self, text: impl Into<String>) -> Self {
        self.says = text.into();
        self
    }

    /// Adds a line under a label; an empty one and one that stands there already are left out, and lines of one label stand together.
    pub fn add(&mut self, label: &'static str, line: impl Into<String>) {
        let line = line.into();
        if line.trim().is_empty() {
            return;
        }
        match self.facts.iter_mut().find(|(known, _)| *known == label) {
            Some((_, lines)) if lines.contains(&line) => {}
            Some((_, lines)) => lines.push(line),
            None => self.facts.push((label, vec![line])),
        }
    }

    /// The same, for building.
    pub fn with(mut self, label: &'static str, line: impl Into<String>) -> Self {
        self.add(label, line);
        self
    }

    /// The page for people.
    pub fn text(&self) -> String {
        let sort: String = self.sort.chars().take(1).flat_map(char::to_uppercase).chain(self.sort.chars().skip(1)).collect();
        let colon = if self.title.is_empty() { "" } else { ": " };
        let mut out = String::new();
        for line in wrap(&format!("{sort} {}{colon}{}", self.id, self.title), PAGE) {
            out += &(line + "\n");
        }
        if !self.says.is_empty() {
            wrap(&self.says, PAGE).iter().for_each(|line| out += &format!("{line}\n"));
        }
        out.push('\n');
        for (label, lines) in &self.facts {
            let mut label = *label;
            for (n, part) in lines.iter().flat_map(|line| wrap(line, PAGE - LABEL - 2).into_iter().enumerate()) {
                // what goes on below its first line stands two columns in
                out += &format!("{label:<LABEL$}{}{part}\n", if n == 0 { "" } else { "  " });
                label = "";
            }
        }
        out
    }

    /// The same as JSON: the facts by label, each a list.
    pub fn json(&self) -> serde_json::Value {
        let facts: serde_json::Map<String, serde_json::Value> = self.facts.iter().map(|(k, v)| ((*k).to_owned(), serde_json::json!(v))).collect();
        serde_json::json!({ "sort": self.sort, "id": self.id, "title": self.title, "says": self.says, "facts": facts })
    }
}

/// The name of a variant as words: `AgainstInterest` is `against interest`.
pub fn words(variant: impl std::fmt::Debug) -> String {
    let mut out = String::new();
    for c in format!("{variant:?}").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_stand_under_their_labels() {
        let mut sheet = Sheet::new("event", "E001", "1979").says("War.");
        sheet.add("at", "n.1");
        sheet.add("why", "");
        sheet.add("at", "n.2");
        sheet.add("at", "n.1");
        assert_eq!(sheet.text(), "Event E001: 1979\nWar.\n\nat                n.1\n                  n.2\n");
        assert_eq!(sheet.json()["facts"], serde_json::json!({ "at": ["n.1", "n.2"] }));
    }

    #[test]
    fn long_facts_keep_to_the_page() {
        let text = Sheet::new("claim", "M001", "").with("at", "word ".repeat(60)).text();
        assert!(text.lines().all(|line| line.chars().count() <= PAGE), "{text}");
        assert!(text.lines().nth(3).is_some_and(|line| line.starts_with(&" ".repeat(LABEL + 2))), "{text}");
    }

    #[test]
    fn variants_become_words() {
        #[derive(Debug)]
        #[allow(dead_code)]
        struct AgainstInterest;
        assert_eq!(words(AgainstInterest), "against interest");
    }
}
