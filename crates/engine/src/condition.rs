//! The `where` of links: a small language of conditions on entities.
//!
//! ```text
//! any   = all { "or" all }            all  = one { "and" one }
//! one   = "not" one | "(" any ")" | path compare literal | path "in" "[" literal { "," literal } "]"
//! path  = [ "source." | "target." ] axis "." attribute          attribute "id" is built in
//! compare = "==" | "!=" | "<" | "<=" | ">" | ">="               literal = 'text' | number
//! ```
//! Without a prefix a path speaks of the target. An axis may be the entity's own or one that contains it.

use oxus_kernel::{AxisId, World};

/// A parsed condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Any holds.
    Any(Vec<Condition>),
    /// All hold.
    All(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A comparison with any of several literals (one, but for `in`).
    Compare(Path, Compare, Vec<Literal>),
}

/// `source.state.id`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Whether it speaks of the link's source.
    pub source: bool,
    /// Axis; may contain a dot (`gas.edge`).
    pub axis: String,
    /// Attribute.
    pub attribute: String,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Compare {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `'mine'`
    Text(String),
    /// `0.5`
    Number(f64),
}

/// Where in the text a condition could not be read, and why; or what it names that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// Byte offset.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

type Parsed<T> = Result<T, ConditionError>;

/// Reads a condition.
///
/// # Errors
/// The first place that does not fit the grammar.
pub fn parse(text: &str) -> Parsed<Condition> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, next: 0, end: text.len() };
    let condition = parser.any(0)?;
    match parser.peek() {
        None => Ok(condition),
        Some(_) => Err(parser.error("expected `and`, `or` or the end")),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Literal(Literal),
    Sign(String),
}

fn tokens(text: &str) -> Parsed<Vec<(usize, Token)>> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let mut take = |first: String, more: &dyn Fn(char) -> bool| {
            let mut word = first;
            while let Some((_, c)) = rest.next_if(|(_, c)| more(*c)) {
                word.push(c);
            }
            word
        };
        let token = match c {
            c if c.is_whitespace() => continue,
            '\'' | '"' => {
                let inside = take(String::new(), &|d| d != c);
                if rest.next().is_none() {
                    return Err(ConditionError { at, message: "a text that does not end".into() });
                }
                Token::Literal(Literal::Text(inside))
            }
            c if c.is_ascii_digit() || c == '-' => {
                let number = take(c.to_string(), &|d| d.is_ascii_digit() || matches!(d, '.' | 'e' | '-'));
                let value = number.parse().map_err(|_| ConditionError { at, message: format!("`{number}` is not a number") })?;
                Token::Literal(Literal::Number(value))
            }
            c if c.is_alphabetic() => Token::Word(take(c.to_string(), &|d| d.is_alphanumeric() || matches!(d, '.' | '_' | '-'))),
            '(' | ')' | '[' | ']' | ',' => Token::Sign(c.to_string()),
            '=' | '!' | '<' | '>' => Token::Sign(take(c.to_string(), &|d| d == '=')),
            c => return Err(ConditionError { at, message: format!("`{c}` does not belong in a condition") }),
        };
        found.push((at, token));
    }
    Ok(found)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|t| &t.1)
    }

    fn error(&self, message: &str) -> ConditionError {
        ConditionError { at: self.tokens.get(self.next).map_or(self.end, |t| t.0), message: message.to_owned() }
    }

    fn eat(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.eat(&Token::Word(word.to_owned()))
    }

    fn sign(&mut self, sign: &str) -> bool {
        self.eat(&Token::Sign(sign.to_owned()))
    }

    fn any(&mut self, depth: usize) -> Parsed<Condition> {
        let mut parts = vec![self.all(depth)?];
        while self.word("or") {
            parts.push(self.all(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) })
    }

    fn all(&mut self, depth: usize) -> Parsed<Condition> {
        let mut parts = vec![self.one(depth)?];
        while self.word("and") {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) })
    }

    fn one(&mut self, depth: usize) -> Parsed<Condition> {
        if depth > 64 {
            return Err(self.error("more than 64 levels of brackets"));
        }
        if self.word("not") {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.sign("(") {
            let inside = self.any(depth + 1)?;
            return if self.sign(")") { Ok(inside) } else { Err(self.error("expected `)`")) };
        }
        let Some(Token::Word(path)) = self.peek().cloned() else { return Err(self.error("expected a path such as `site.kind`")) };
        self.next += 1;
        let path = self.path(&path)?;
        if self.word("in") {
            return self.list(path);
        }
        let compare = match self.peek() {
            Some(Token::Sign(sign)) => match sign.as_str() {
                "==" => Compare::Equal,
                "!=" => Compare::NotEqual,
                "<" => Compare::Less,
                "<=" => Compare::AtMost,
                ">" => Compare::Greater,
                ">=" => Compare::AtLeast,
                _ => return Err(self.error("expected a comparison")),
            },
            _ => return Err(self.error("expected a comparison or `in`")),
        };
        self.next += 1;
        Ok(Condition::Compare(path, compare, vec![self.literal()?]))
    }

    fn list(&mut self, path: Path) -> Parsed<Condition> {
        if !self.sign("[") {
            return Err(self.error("expected `[`"));
        }
        let mut literals = vec![self.literal()?];
        while self.sign(",") {
            literals.push(self.literal()?);
        }
        if self.sign("]") { Ok(Condition::Compare(path, Compare::Equal, literals)) } else { Err(self.error("expected `]`")) }
    }

    fn literal(&mut self) -> Parsed<Literal> {
        match self.peek().cloned() {
            Some(Token::Literal(literal)) => {
                self.next += 1;
                Ok(literal)
            }
            _ => Err(self.error("expected a 'text' or a number")),
        }
    }

    fn path(&self, text: &str) -> Parsed<Path> {
        let (source, rest) = match (text.strip_prefix("source."), text.strip_prefix("target.")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => (false, text),
        };
        match rest.rsplit_once('.') {
            Some((axis, attribute)) => Ok(Path { source, axis: axis.to_owned(), attribute: attribute.to_owned() }),
            None => Err(ConditionError {
                at: self.tokens.get(self.next.saturating_sub(1)).map_or(0, |t| t.0),
                message: format!("`{text}` has no attribute; write for example `{text}.id`"),
            }),
        }
    }
}

impl Condition {
    /// Whether the condition holds for a pair of entities (positions on the link's axes).
    ///
    /// # Errors
    /// A path whose axis or attribute does not exist for that entity.
    pub fn holds(&self, world: &World, source: (AxisId, usize), target: (AxisId, usize)) -> Result<bool, ConditionError> {
        match self {
            Self::Any(parts) => parts.iter().try_fold(false, |any, p| Ok(any | p.holds(world, source, target)?)),
            Self::All(parts) => parts.iter().try_fold(true, |all, p| Ok(all & p.holds(world, source, target)?)),
            Self::Not(part) => Ok(!part.holds(world, source, target)?),
            Self::Compare(path, compare, literals) => {
                let value = look_up(world, path, if path.source { source } else { target })?;
                Ok(literals.iter().any(|l| value.as_ref().is_some_and(|v| compares(v, *compare, l))))
            }
        }
    }

    /// Whether any path speaks of the source.
    pub fn needs_source(&self) -> bool {
        match self {
            Self::Any(parts) | Self::All(parts) => parts.iter().any(Self::needs_source),
            Self::Not(part) => part.needs_source(),
            Self::Compare(path, ..) => path.source,
        }
    }
}

/// The value, or `None` when the entity lies in no entity of that axis.
fn look_up(world: &World, path: &Path, (axis, entity): (AxisId, usize)) -> Result<Option<Literal>, ConditionError> {
    let error = |message: String| ConditionError { at: 0, message };
    let wanted = world.find(&path.axis).ok_or_else(|| error(format!("there is no axis `{}`", path.axis)))?;
    let map = world.map(axis, wanted).ok_or_else(|| error(format!("`{}` does not contain `{}`", path.axis, world.axis(axis).name)))?;
    let Some(at) = map.to[entity].map(|i| i as usize) else { return Ok(None) };
    if path.attribute == "id" {
        return Ok(Some(Literal::Text(world.axis(wanted).entities[at].clone())));
    }
    if let Some(texts) = world.texts(wanted, &path.attribute) {
        return Ok(Some(Literal::Text(texts[at].clone())));
    }
    match world.numbers(wanted, &path.attribute) {
        Some(numbers) => Ok(Some(Literal::Number(numbers[at]))),
        None => Err(error(format!("`{}` has no attribute `{}`", path.axis, path.attribute))),
    }
}

fn compares(value: &Literal, compare: Compare, with: &Literal) -> bool {
    let order = match (value, with) {
        (Literal::Text(a), Literal::Text(b)) => Some(a.cmp(b)),
        (Literal::Number(a), Literal::Number(b)) => a.partial_cmp(b),
        _ => None,
    };
    match compare {
        Compare::Equal => order.is_some_and(|o| o.is_eq()),
        Compare::NotEqual => order.is_none_or(|o| o.is_ne()),
        Compare::Less => order.is_some_and(|o| o.is_lt()),
        Compare::AtMost => order.is_some_and(|o| o.is_le()),
        Compare::Greater => order.is_some_and(|o| o.is_gt()),
        Compare::AtLeast => order.is_some_and(|o| o.is_ge()),
    }
}
