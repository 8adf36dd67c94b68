use std::cell::RefCell;

use oxus_diag::{Diagnostic, SourceId, Span, codes, did_you_mean};
use toml::de::DeTable;

use super::{Context, Value};

/// Reads a TOML file: reports every syntax error, gives what could be understood.
pub(crate) fn parse<'s>(cx: &Context<'_>, path: &str, text: &'s str, source: SourceId) -> toml::Spanned<DeTable<'s>> {
    let (tree, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        cx.push(
            Diagnostic::error(codes::P006, format!("`{path}` is not valid TOML here"))
                .at(Span::new(source, at), error.message())
                .help_maybe(hint(error.message())),
        );
    }
    tree
}

/// What to do about the commonest slips.
fn hint(message: &str) -> Option<String> {
    let advice = if message.contains("duplicate key") {
        "a key stands only once in a table, and a table's `[header]` only once in a file"
    } else if message.contains("expected `=`") || message.contains("newline") {
        "each line is `key = value`; text stands in double quotes, and an inline table on one line"
    } else {
        return None;
    };
    Some(advice.to_owned())
}

/// A TOML table being read. Keys asked for are the known ones; [`Table::finish`] reports the others.
pub(crate) struct Table<'a> {
    cx: &'a Context<'a>,
    table: &'a DeTable<'a>,
    source: SourceId,
    /// The header, or the inline table.
    pub span: Span,
    /// What the table is, for messages: `claim `M041``.
    pub what: String,
    asked: RefCell<Vec<String>>,
}

impl<'a> Table<'a> {
    pub fn new(cx: &'a Context<'a>, table: &'a DeTable<'a>, span: Span, what: impl Into<String>) -> Self {
        Self { cx, table, source: span.source, span, what: what.into(), asked: RefCell::default() }
    }

    /// What every reader has at hand.
    pub fn cx(&self) -> &'a Context<'a> {
        self.cx
    }

    /// The same table under another name, with nothing asked for yet.
    pub fn renamed(&self, span: Span, what: impl Into<String>) -> Self {
        Self::new(self.cx, self.table, span, what)
    }

    /// Whether the key is there; does not count as asking for it.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The value of a key, where there is one.
    pub fn get(&self, key: &str) -> Option<Value<'a>> {
        if !self.asked.borrow().iter().any(|asked| asked == key) {
            self.asked.borrow_mut().push(key.to_owned());
        }
        let (key, value) = self.table.get_key_value(key)?;
        Some(self.value(key, value))
    }

    /// The value of a key that must be there.
    pub fn need(&self, key: &str) -> Option<Value<'a>> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key);
        }
        value
    }

    /// Reports a missing key.
    pub fn missing(&self, key: &str) {
        self.cx.push(
            Diagnostic::error(codes::P009, format!("{} has no `{key}`", self.what))
                .at(self.span, format!("`{key}` is missing here"))
                .help(format!("add `{key} = …`")),
        );
    }

    /// Every key and value, all counted as known: tables keyed by id.
    pub fn entries(&self) -> Vec<Value<'a>> {
        let mut entries: Vec<Value<'a>> = self.table.iter().map(|(key, value)| self.value(key, value)).collect();
        self.asked.borrow_mut().extend(entries.iter().map(|entry| entry.key.clone()));
        entries.sort_by_key(|entry| entry.key_span);
        entries
    }

    /// The entries whose values are tables and that nobody asked for yet, counted as known.
    pub fn other_tables(&self) -> Vec<Value<'a>> {
        let asked: Vec<String> = self.asked.borrow().clone();
        let mut tables: Vec<Value<'a>> = (self.table.iter())
            .filter(|(key, value)| !asked.iter().any(|known| known == key.get_ref()) && value.get_ref().is_table())
            .map(|(key, value)| self.value(key, value))
            .collect();
        self.asked.borrow_mut().extend(tables.iter().map(|entry| entry.key.clone()));
        tables.sort_by_key(|entry| entry.key_span);
        tables
    }

    /// Reports every key that nobody asked for.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            let name = key.get_ref();
            if asked.iter().any(|known| known == name) {
                continue;
            }
            let known: Vec<String> = asked.iter().map(|known| format!("`{known}`")).collect();
            let near = did_you_mean(name, asked.iter().map(String::as_str));
            let far = near.is_none().then(|| format!("known keys here: {}", known.join(", ")));
            self.cx.push(
                Diagnostic::error(codes::P008, format!("{} has no key `{name}`", self.what))
                    .at(Span::new(self.source, key.span()), "not known here")
                    .help_maybe(near)
                    .help_maybe(far),
            );
        }
    }

    fn value(&self, key: &toml::Spanned<toml::de::DeString<'a>>, value: &'a toml::Spanned<toml::de::DeValue<'a>>) -> Value<'a> {
        Value {
            cx: self.cx,
            value: value.get_ref(),
            span: Span::new(self.source, value.span()),
            key: key.get_ref().to_string(),
            key_span: Span::new(self.source, key.span()),
            owner: self.what.clone(),
        }
    }
}
