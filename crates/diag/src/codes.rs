//! The catalogue: every diagnostic code of the product, with its page.
//!
//! To add a code: one line in the list at the end of this file (kept sorted) and one page, `codes/<CODE>.md`, whose first
//! line is `# Title` and which has the sections `## What it means`, `## How to fix` and `## Example`. `oxus explain CODE`
//! prints the page. A test holds the pages to this form; `cargo xtask tidy` asks for a fixture in `tests/diag/<CODE>/`.
//!
//! The first letter is the family: `P` pack and evidence, `U` units, `C` coupling and plan, `M` mechanism domain,
//! `S` solver, `E` experiment (cases, members, arguments), `A` analysis, `X` internal.

use std::cmp::Ordering;
use std::fmt;

/// One entry of the catalogue.
#[derive(Debug)]
pub struct CodeInfo {
    /// The code: a letter and three digits.
    pub code: &'static str,
    /// What it is about, in a few words: the first line of its page.
    pub title: &'static str,
    /// The page that `oxus explain` prints, in Markdown.
    pub page: &'static str,
}

/// A diagnostic code: a reference to its [`CodeInfo`]. Compares and sorts by the code itself.
#[derive(Clone, Copy)]
pub struct Code(&'static CodeInfo);

impl Code {
    /// The code as text, such as `U001`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.0.code
    }

    /// What it is about, in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.0.title
    }

    /// Its page, in Markdown.
    #[must_use]
    pub fn page(self) -> &'static str {
        self.0.page
    }

    /// The code with this text, in either case.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(text))
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Code {}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id().cmp(other.id())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

/// The text of the first line after `# `, at compile time.
const fn title_of(page: &'static str) -> &'static str {
    let bytes = page.as_bytes();
    assert!(bytes.len() > 2 && bytes[0] == b'#' && bytes[1] == b' ', "the page of a code starts with `# Title`");
    let mut end = 2;
    while end < bytes.len() && bytes[end] != b'\n' {
        end += 1;
    }
    page.split_at(end).0.split_at(2).1
}

macro_rules! catalogue {
    ($($code:ident),* $(,)?) => {
        $(
            #[doc = concat!("Code `", stringify!($code), "`; its page is `codes/", stringify!($code), ".md`.")]
            pub const $code: Code = {
                const PAGE: &str = include_str!(concat!("codes/", stringify!($code), ".md"));
                Code(&CodeInfo { code: stringify!($code), title: title_of(PAGE), page: PAGE })
            };
        )*

        /// Every code, sorted.
        pub const ALL: &[Code] = &[$($code),*];
    };
}

catalogue! {
    A005,
    A010,
    A011,
    A012,
    A013,
    A014,
    A030,
    A031,
    A032,
    A033,
    A034,
    A035,
    A040,
    A041,
    A042,
    A043,
    A044,
    A045,
    A046,
    A047,
    A050,
    A051,
    A052,
    A053,
    A054,
    A055,
    A060,
    A061,
    A062,
    A063,
    A064,
    A065,
    A066,
    A067,
    A070,
    C001,
    C002,
    C003,
    C004,
    C005,
    C006,
    C007,
    C008,
    C009,
    C010,
    E001,
    E002,
    E003,
    E004,
    E005,
    E006,
    E007,
    E008,
    E009,
    E010,
    E011,
    M001,
    M002,
    M003,
    P001,
    P002,
    P003,
    P004,
    P005,
    P006,
    P007,
    P008,
    P009,
    P010,
    P011,
    P012,
    P013,
    P014,
    P015,
    P016,
    P017,
    P018,
    P019,
    P020,
    P021,
    P022,
    P023,
    P024,
    P025,
    P026,
    P027,
    P028,
    P029,
    P030,
    P031,
    P032,
    P033,
    P034,
    P035,
    P036,
    P037,
    P038,
    P039,
    P040,
    P041,
    P042,
    S001,
    S002,
    U001,
    U002,
    U003,
    U004,
    U005,
    U006,
    X001,
}
