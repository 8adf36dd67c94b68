use std::collections::{BTreeMap, BTreeSet};

use oxus_diag::{Diagnostic, Diagnostics, SourceId, Sources, codes};

use crate::lock;

use super::{Entry, Files, MAX_FILE, MAX_FILES, MAX_PACK};

/// The texts of a pack.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// Files of the format, by path.
    pub files: BTreeMap<String, SourceId>,
    /// Files of the format that are there and could not be read: reported once, and not missed again.
    pub broken: BTreeSet<String>,
    /// Content hash over them.
    pub hash: String,
}

/// Folders whose files are read, with the ending each may have.
const FOLDERS: &[(&str, &[&str])] = &[
    ("places", &["csv"]),
    ("actors", &["csv", "toml"]),
    ("sites", &["csv"]),
    ("networks", &["toml"]),
    ("trade", &["csv", "toml"]),
    ("series", &["csv", "toml"]),
    ("panels", &["csv", "toml"]),
    ("fits", &["toml"]),
    ("parameters", &["toml"]),
    ("claims", &["toml"]),
    ("links", &["toml"]),
    ("views", &["toml"]),
    ("scenarios", &["toml"]),
    ("history", &["csv"]),
];
/// Files of the folders that hold fixed tables.
const TABLES: &[&str] = &[
    "places/states.csv",
    "places/provinces.csv",
    "places/borders.csv",
    "places/adjacency.csv",
    "places/kinship.csv",
    "places/routes.csv",
    "actors/powers.csv",
    "actors/groups.csv",
    "actors/companies.csv",
    "actors/organisations.toml",
    "actors/entities.csv",
    "actors/ties.csv",
    "history/events.csv",
    "sites/sites.csv",
    "trade/trade.toml",
    "trade/economies.csv",
    "trade/flows.csv",
    "trade/composition.csv",
    "trade/re_exports.csv",
    "trade/routes.csv",
];
/// Files at the top of a pack.
const TOP: &[&str] =
    &["pack.toml", "audit.toml", "backtest.toml", "outcomes.toml", "questions.toml", "uncertainties.toml", "references.json", "lock.toml"];

/// Reads every file of the format as text; reports what is too large, unreadable or not part of the format.
pub(crate) fn load(files: &dyn Files, sources: &mut Sources, problems: &mut Diagnostics) -> Loaded {
    let mut loaded = Loaded::default();
    let contents = contents_or(files, problems, &mut loaded.broken);
    loaded.hash = lock::content_hash(contents.iter().map(|(path, content)| (path.as_str(), content.as_slice())));
    for (path, content) in contents {
        match decode(&path, content) {
            Ok(text) => drop(loaded.files.insert(path.clone(), sources.add(path, text))),
            Err(problem) => {
                problems.push(*problem);
                loaded.broken.insert(path);
            }
        }
    }
    loaded
}

/// The bytes of every file of the format, by path.
pub(crate) fn contents(files: &dyn Files, problems: &mut Diagnostics) -> BTreeMap<String, Vec<u8>> {
    contents_or(files, problems, &mut BTreeSet::new())
}

/// The bytes of every file of the format, by path; those that cannot be read go to `broken`.
fn contents_or(files: &dyn Files, problems: &mut Diagnostics, broken: &mut BTreeSet<String>) -> BTreeMap<String, Vec<u8>> {
    let mut entries = files.list(problems);
    entries.sort();
    let mut contents = BTreeMap::new();
    if too_much(&entries, problems) {
        return contents;
    }
    for entry in entries {
        if !belongs(&entry.path, problems) {
            continue;
        }
        let problem = if entry.bytes > MAX_FILE {
            too_large(&entry.path, entry.bytes, MAX_FILE)
        } else {
            match files.read(&entry.path) {
                Ok(content) => {
                    contents.insert(entry.path, content);
                    continue;
                }
                Err(why) => Diagnostic::error(codes::P001, format!("`{}` cannot be read", entry.path)).found(why),
            }
        };
        problems.push(problem);
        broken.insert(entry.path);
    }
    contents
}

/// Whether there are too many files or bytes to go on at all.
fn too_much(entries: &[Entry], problems: &mut Diagnostics) -> bool {
    if entries.len() > MAX_FILES {
        problems.push(
            Diagnostic::error(codes::P002, "the pack has too many files")
                .found(format!("{} or more files", entries.len()))
                .expected(format!("at most {MAX_FILES}"))
                .help("keep data that the model does not read outside the pack's folder"),
        );
        return true;
    }
    // A file that is refused by itself does not count: its own message says what to do.
    let bytes: u64 = entries.iter().map(|entry| entry.bytes).filter(|&bytes| bytes <= MAX_FILE).sum();
    if bytes > MAX_PACK {
        problems.push(too_large("the pack", bytes, MAX_PACK));
    }
    bytes > MAX_PACK
}

fn too_large(what: &str, bytes: u64, limit: u64) -> Diagnostic {
    Diagnostic::error(codes::P002, format!("`{what}` is too large"))
        .found(format!("{} MB", bytes.div_ceil(1 << 20)))
        .expected(format!("at most {} MB", limit >> 20))
        .help("a pack holds text tables of one region; keep raw data elsewhere and ship what the model reads")
}

/// Whether a file is part of the format; a file that looks as if it should be is reported.
fn belongs(path: &str, problems: &mut Diagnostics) -> bool {
    let (folder, name) = path.split_once('/').unwrap_or(("", path));
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if folder.is_empty() && TOP.contains(&name) {
        return true;
    }
    let known = FOLDERS.iter().find(|(known, _)| *known == folder);
    if known.is_some_and(|(_, endings)| endings.contains(&ending)) && !name.contains('/') {
        if TABLES.contains(&path) || !matches!(folder, "places" | "actors" | "sites" | "history" | "trade") {
            return true;
        }
    } else if known.is_none() && !matches!(ending, "toml" | "csv" | "json") || ending == "md" || folder == "forecasts" {
        // Notes and licences of the pack's keepers, frozen forecasts.
        return false;
    }
    let names = TABLES.iter().chain(TOP).copied().chain(FOLDERS.iter().map(|(folder, _)| *folder));
    problems.push(
        Diagnostic::warning(codes::P005, format!("`{path}` is not part of the pack format and is not read"))
            .help_maybe(oxus_diag::did_you_mean(if known.is_some() { path } else { folder_or(path) }, names))
            .help("rename it, or move it out of the pack"),
    );
    false
}

/// The folder of a path, or the path where it has none.
fn folder_or(path: &str) -> &str {
    path.split_once('/').map_or(path, |(folder, _)| folder)
}

fn decode(path: &str, content: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    // A byte order mark is what spreadsheets write in front of UTF-8.
    let content = content.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(content);
    String::from_utf8(content).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let problem = Diagnostic::error(codes::P004, format!("`{path}` is not UTF-8 text"))
            .found(format!("byte 0x{:02x} in line {line}", error.as_bytes()[at]))
            .help("save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\")");
        Box::new(problem)
    })
}
