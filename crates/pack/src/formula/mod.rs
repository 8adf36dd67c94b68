//! Arithmetic over ids: the `formula` of a derived number.
//!
//! Grammar, tightest first: numbers, ids, parentheses and the functions `ln(…)`, `exp(…)`, `sqrt(…)`; unary minus; `*` and `/`; `+` and `-`; the binary ones from left to
//! right (operator precedence after Pratt 1973). An id is a parameter (`finance.growth_trend`, one entity of it
//! `finance.growth_trend.KGZ`) or a claim. Because ids are kebab-case, a `-` between letters or digits of an id belongs
//! to the id; a minus after an id needs a space before it. What follows a colon is a remark: `4.1 / 11: cost after over cost before`.

use std::ops::Range;

/// Deepest nesting of parentheses and signs.
const MAX_DEPTH: u32 = 64;
/// Longest formula, bytes: a sum of many terms is a deep tree too.
const MAX_LENGTH: usize = 2000;

/// A parsed formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    root: Node,
    ids: Vec<(String, Range<usize>)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Number(f64),
    Id(String),
    Minus(Box<Node>),
    Call(Function, Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Ln,
    Exp,
    Sqrt,
}

impl Function {
    fn named(name: &str) -> Option<Self> {
        match name {
            "ln" => Some(Self::Ln),
            "exp" => Some(Self::Exp),
            "sqrt" => Some(Self::Sqrt),
            _ => None,
        }
    }

    fn of(self, x: f64) -> f64 {
        match self {
            Self::Ln => oxus_math::ln(x),
            Self::Exp => oxus_math::exp(x),
            Self::Sqrt => x.sqrt(),
        }
    }
}

/// Why a formula cannot be read, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What was found there and what was expected.
    pub message: String,
    /// Byte range in the formula.
    pub at: Range<usize>,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// The first place where the text stops being a formula.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_LENGTH {
            return Err(Error { message: format!("longer than {MAX_LENGTH} characters"), at: 0..text.len() });
        }
        // What follows a colon is a remark.
        let text = text.split_once(':').map_or(text, |(formula, _)| formula);
        let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.len(), ids: Vec::new(), depth: 0 };
        let root = parser.expression(0)?;
        match parser.peek() {
            None => Ok(Self { root, ids: parser.ids }),
            Some(_) => Err(parser.unexpected("an operator or the end")),
        }
    }

    /// The ids it refers to, in the order of the text, with their places in it.
    pub fn ids(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.ids.iter().map(|(id, at)| (id.as_str(), at.clone()))
    }

    /// Its value, where `value` knows each id; `None` where one is not a single number.
    ///
    /// A division by zero gives an infinity or NaN, as in floating-point arithmetic.
    pub fn eval(&self, value: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        eval(&self.root, value)
    }
}

fn eval(node: &Node, value: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    Some(match node {
        Node::Number(number) => *number,
        Node::Id(id) => value(id)?,
        Node::Minus(of) => -eval(of, value)?,
        Node::Call(function, of) => function.of(eval(of, value)?),
        Node::Binary(operator, left, right) => {
            let (left, right) = (eval(left, value)?, eval(right, value)?);
            match operator {
                Operator::Plus => left + right,
                Operator::Minus => left - right,
                Operator::Times => left * right,
                Operator::Over => left / right,
            }
        }
    })
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Id(String),
    Operator(Operator),
    Open,
    Close,
}

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Error> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let end = at + first.len_utf8();
        let token = match first {
            _ if first.is_whitespace() => {
                at = end;
                continue;
            }
            '+' => Token::Operator(Operator::Plus),
            '-' => Token::Operator(Operator::Minus),
            '*' => Token::Operator(Operator::Times),
            '/' => Token::Operator(Operator::Over),
            '(' => Token::Open,
            ')' => Token::Close,
            _ if first.is_ascii_alphanumeric() || first == '.' => {
                let (token, end) = word(text, at)?;
                tokens.push((token, at..end));
                at = end;
                continue;
            }
            _ => {
                let message = format!("found `{first}`, expected a number, an id, an operator or a parenthesis");
                return Err(Error { message, at: at..end });
            }
        };
        tokens.push((token, at..end));
        at = end;
    }
    Ok(tokens)
}

/// A number or an id that starts at `at`, and where it ends.
fn word(text: &str, at: usize) -> Result<(Token, usize), Error> {
    let rest = &text[at..];
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    if rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        let mut length = digits(rest);
        if rest[length..].starts_with('.') {
            length += 1 + digits(&rest[length + 1..]);
        }
        if rest[length..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
            let exponent = digits(&rest[length + 1 + sign..]);
            length += if exponent > 0 { 1 + sign + exponent } else { 0 };
        }
        let after = rest[length..].chars().next();
        if !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.') {
            return match rest[..length].parse::<f64>() {
                Ok(number) if number.is_finite() => Ok((Token::Number(number), at + length)),
                _ => Err(Error { message: "this is not a number".to_owned(), at: at..at + length }),
            };
        }
    }
    let of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let length = rest.find(|c| !of_id(c)).unwrap_or(rest.len());
    let id = rest[..length].trim_end_matches(['-', '.']);
    if crate::walk::is_id(id) {
        Ok((Token::Id(id.to_owned()), at + id.len()))
    } else {
        Err(Error { message: "this is neither a number nor an id".to_owned(), at: at..at + length.max(1) })
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    end: usize,
    ids: Vec<(String, Range<usize>)>,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn unexpected(&self, expected: &str) -> Error {
        let at = self.tokens.get(self.next).map_or(self.end..self.end, |(_, at)| at.clone());
        let found = if self.next < self.tokens.len() { "this" } else { "the end" };
        Error { message: format!("found {found}, expected {expected}"), at }
    }

    /// An expression whose operators bind more tightly than `floor`.
    fn expression(&mut self, floor: u8) -> Result<Node, Error> {
        let mut left = self.prefix()?;
        while let Some(&Token::Operator(operator)) = self.peek() {
            let power = match operator {
                Operator::Plus | Operator::Minus => 1,
                Operator::Times | Operator::Over => 2,
            };
            if power <= floor {
                break;
            }
            self.next += 1;
            let right = self.expression(power)?;
            left = Node::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Node, Error> {
        let Some((token, at)) = self.tokens.get(self.next).cloned() else {
            return Err(self.unexpected("a number or an id"));
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error { message: format!("nested more than {MAX_DEPTH} deep"), at });
        }
        let node = match token {
            Token::Number(number) => {
                self.next += 1;
                Node::Number(number)
            }
            Token::Id(id) => {
                self.next += 1;
                match Function::named(&id).filter(|_| self.peek() == Some(&Token::Open)) {
                    // The parenthesis that follows is read as any other.
                    Some(function) => Node::Call(function, Box::new(self.prefix()?)),
                    None => {
                        self.ids.push((id.clone(), at));
                        Node::Id(id)
                    }
                }
            }
            Token::Operator(Operator::Minus) => {
                self.next += 1;
                Node::Minus(Box::new(self.prefix()?))
            }
            Token::Open => {
                self.next += 1;
                let inner = self.expression(0)?;
                if self.peek() != Some(&Token::Close) {
                    return Err(self.unexpected("`)`"));
                }
                self.next += 1;
                inner
            }
            _ => return Err(self.unexpected("a number or an id")),
        };
        self.depth -= 1;
        Ok(node)
    }
}

#[cfg(test)]
mod tests;
