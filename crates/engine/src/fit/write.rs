//! Estimates into the pack: values, status and evidence of the parameters fitted, everything else of their files untouched.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use oxus_diag::{Diagnostic, Diagnostics, Sources, codes};
use oxus_pack::files::Entry;
use oxus_pack::region::{Evidence, Number, Parameter, Region, Status};
use oxus_pack::{Files, Folder};
use serde::Serialize;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::Report;
use super::rounded::Rounded;

/// What the file of a parameter would hold.
#[derive(Clone, Debug)]
pub struct Target {
    /// The value; `None` where it cannot be written.
    pub written: Option<Rounded>,
    /// Its evidence.
    pub from: From,
}

/// Data and method.
#[derive(Clone, Debug, PartialEq)]
pub struct From {
    /// Series.
    pub series: Vec<String>,
    /// Years.
    pub years: String,
    /// Method, in words.
    pub method: String,
}

/// One number that was changed.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Parameter.
    pub parameter: String,
    /// Entity; empty for the value for all.
    pub entity: String,
    /// Whether the value changed, rather than its evidence alone.
    pub value: bool,
}

/// What writing did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Written {
    /// Files written, by path inside the pack.
    pub files: Vec<String>,
    /// Numbers changed.
    pub changes: Vec<Change>,
}

/// Writes every estimate that is meant to be written into `parameters/*.toml` below `root`.
///
/// Comments, order and everything not fitted stay as they are; what is the same already is not touched. The changed pack is read and checked in full
/// first; each file is then replaced at once (a new file beside it, renamed over it).
///
/// # Errors
/// A changed pack that would not read, and files that cannot be written.
pub fn write(root: &Path, region: &Region, report: &Report) -> Result<Written, (Diagnostics, Sources)> {
    let alone = |problem: Diagnostic| {
        let mut problems = Diagnostics::new();
        problems.push(problem);
        (problems, Sources::new())
    };
    let folder = Folder::new(root);
    let mut done = Written::default();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (path, wanted) in by_file(region, report) {
        let text = folder.read(&path).map_err(|why| alone(unwritable(&path, &why)))?;
        let text = String::from_utf8(text).map_err(|why| alone(unwritable(&path, &why.to_string())))?;
        let mut document: DocumentMut = text.parse().map_err(|why: toml_edit::TomlError| alone(unwritable(&path, why.message())))?;
        let before = done.changes.len();
        for (id, numbers) in &wanted {
            let Some(parameter) = region.parameters.get(*id) else { continue };
            change(&mut document, parameter, numbers, &mut done.changes).map_err(|why| alone(unwritable(&path, &why)))?;
        }
        if done.changes.len() > before {
            texts.insert(path, document.to_string());
        }
    }
    let read = oxus_pack::read(&Changed { folder: &folder, texts: &texts });
    if read.region.is_none() {
        let mut problems = read.diagnostics;
        problems.push(
            Diagnostic::error(codes::A067, "the pack with the estimates in it would not be a pack; nothing was written")
                .help("the problems above are in the values as they would stand; change `form`, `low` or `high` of the fit"),
        );
        return Err((problems, read.sources));
    }
    for (path, text) in texts {
        replace(&root.join(&path), &text).map_err(|why| alone(unwritable(&path, &why.to_string())))?;
        done.files.push(path);
    }
    Ok(done)
}

fn unwritable(path: &str, why: &str) -> Diagnostic {
    Diagnostic::error(codes::A065, format!("`{path}` cannot be written")).found(why).help("check that the folder may be written to, and try again")
}

/// Numbers to write, by file and parameter: entity and what it gets.
type Wanted<'r> = BTreeMap<&'r str, Vec<(&'r str, &'r Rounded, &'r From)>>;

fn by_file<'r>(region: &Region, report: &'r Report) -> BTreeMap<String, Wanted<'r>> {
    let mut files: BTreeMap<String, Wanted<'r>> = BTreeMap::new();
    for row in report.fits.iter().flat_map(|fit| &fit.rows).filter(|row| row.writes) {
        let Some(written) = row.target.written.as_ref().filter(|_| region.parameters.contains_key(&row.parameter)) else { continue };
        let mechanism = row.parameter.split('.').next().unwrap_or_default();
        let wanted = files.entry(format!("parameters/{mechanism}.toml")).or_default();
        wanted.entry(&row.parameter).or_default().push((&row.entity, written, &row.target.from));
    }
    files
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    let mut file = fs::File::create(beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(beside, path)
}

/// The pack as it would be.
struct Changed<'c> {
    folder: &'c Folder,
    texts: &'c BTreeMap<String, String>,
}

impl Files for Changed<'_> {
    fn list(&self, problems: &mut Diagnostics) -> Vec<Entry> {
        let mut entries = self.folder.list(problems);
        for entry in &mut entries {
            if let Some(text) = self.texts.get(&entry.path) {
                entry.bytes = text.len() as u64;
            }
        }
        entries
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.texts.get(path).map_or_else(|| self.folder.read(path), |text| Ok(text.clone().into_bytes()))
    }
}

/// Puts the numbers of one parameter into its file.
fn change(document: &mut DocumentMut, parameter: &Parameter, numbers: &[(&str, &Rounded, &From)], done: &mut Vec<Change>) -> Result<(), String> {
    let path: Vec<&str> = parameter.id.split('.').skip(1).collect();
    let shipped = |entity: &str| if entity.is_empty() { parameter.default.as_ref() } else { parameter.entities.get(entity) };
    let stale: Vec<_> = numbers.iter().filter(|(entity, _, from)| shipped(entity).is_none_or(|n| evidence_differs(n, from))).collect();
    for (entity, rounded, from) in numbers {
        let Some(number) = shipped(entity) else { continue };
        let value = number.value != rounded.value;
        if value {
            let table = table(document.as_table_mut(), &path, entity)?;
            set(table, "value", &rounded.text)?;
        }
        if value || evidence_differs(number, from) {
            done.push(Change { parameter: parameter.id.clone(), entity: (*entity).to_owned(), value });
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    // One `from` above the entities, where all of its heirs are written from it and it has no other.
    let heirs = heirs(document, parameter, &path)?;
    let one = numbers.windows(2).all(|w| w[0].2 == w[1].2);
    let whole =
        heirs.iter().all(|heir| numbers.iter().any(|(entity, _, _)| entity == heir)) && numbers.iter().all(|(e, _, _)| heirs.iter().any(|h| h == e));
    if one && whole {
        return found_on(table(document.as_table_mut(), &path, "")?, numbers[0].2, true);
    }
    for (entity, _, from) in stale {
        if entity.is_empty() {
            // what others inherit stays theirs
            hand_down(document, &path, heirs.iter().filter(|heir| !heir.is_empty()))?;
        }
        let foreign = shipped(entity).is_none_or(|n| n.status != Status::Estimated) || entity.is_empty();
        found_on(table(document.as_table_mut(), &path, entity)?, from, foreign)?;
    }
    Ok(())
}

fn evidence_differs(number: &Number, from: &From) -> bool {
    let Evidence { from: Some(now), .. } = &number.evidence else { return true };
    let same = now.series.iter().map(|name| name.id.as_str()).eq(from.series.iter().map(String::as_str));
    number.status != Status::Estimated || !same || now.years.as_deref() != Some(&from.years) || now.method != from.method
}

/// Entities without status and data of their own, and the empty string where the parameter has a value itself.
fn heirs(document: &mut DocumentMut, parameter: &Parameter, path: &[&str]) -> Result<Vec<String>, String> {
    let mut heirs = Vec::new();
    if parameter.default.is_some() && table(document.as_table_mut(), path, "")?.contains_key("value") {
        heirs.push(String::new());
    }
    for entity in parameter.entities.keys().filter(|entity| !parameter.at_origin.contains_key(*entity)) {
        // entities of a series at the origin have no table of their own
        let Ok(table) = table(document.as_table_mut(), path, entity) else { continue };
        if !table.contains_key("status") && !table.contains_key("from") {
            heirs.push(entity.clone());
        }
    }
    Ok(heirs)
}

/// Copies what entities inherit into their own tables.
fn hand_down<'h>(document: &mut DocumentMut, path: &[&str], heirs: impl Iterator<Item = &'h String>) -> Result<(), String> {
    let above = table(document.as_table_mut(), path, "")?;
    let kept: Vec<(&str, Option<Item>)> = ["status", "from", "formula", "reason"].map(|key| (key, above.get(key).cloned())).into();
    for heir in heirs {
        let own = table(document.as_table_mut(), path, heir)?;
        for (key, item) in &kept {
            if let Some(item) = item.as_ref().filter(|_| !own.contains_key(key)) {
                own.insert(key, item.clone());
            }
        }
    }
    Ok(())
}

/// Makes a table's numbers estimated from these data.
fn found_on(table: &mut dyn TableLike, from: &From, status: bool) -> Result<(), String> {
    if status {
        set(table, "status", "\"estimated\"")?;
        table.remove("reason");
        table.remove("formula");
    }
    let quoted = |text: &str| Value::from(text).to_string();
    let series = match &from.series[..] {
        [] => String::new(),
        [one] => format!("series = {}, ", quoted(one)),
        several => format!("series = [{}], ", several.iter().map(|s| quoted(s)).collect::<Vec<_>>().join(", ")),
    };
    set(table, "from", &format!("{{ {series}years = {}, method = {} }}", quoted(&from.years), quoted(&from.method)))
}

/// The table of a parameter, or of one of its entities.
fn table<'d>(top: &'d mut Table, path: &[&str], entity: &str) -> Result<&'d mut dyn TableLike, String> {
    let mut here: &mut dyn TableLike = top;
    for part in path.iter().copied().chain(entity.split('.').filter(|part| !part.is_empty())) {
        here = here.get_mut(part).and_then(Item::as_table_like_mut).ok_or_else(|| format!("it has no table `{part}` where one was read"))?;
    }
    Ok(here)
}

/// Sets a key to a value given as text, with the blanks and comments that the old value had around it.
fn set(table: &mut dyn TableLike, key: &str, text: &str) -> Result<(), String> {
    let mut value: Value = text.parse().map_err(|why: toml_edit::TomlError| why.to_string())?;
    match table.get_mut(key) {
        Some(item) => {
            if let Some(old) = item.as_value() {
                *value.decor_mut() = old.decor().clone();
            }
            *item = Item::Value(value);
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
    Ok(())
}
