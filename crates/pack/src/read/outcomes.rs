use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, codes};

use super::units::Money;
use crate::region::{Across, BadIf, Fold, Form, Outcome, Question};
use crate::walk::{Context, Kind, Table, Value};

/// Longest window or run, months: a century.
const MAX_MONTHS: u64 = 1200;
/// Folds, as they are written; the last four need a threshold.
const FOLDS: &[&str] = &["sum", "mean", "last", "max", "any-above", "months-above", "first-month-above", "run-above"];

pub(super) fn outcomes(cx: &Context<'_>, money: &Money) -> BTreeMap<String, Outcome> {
    let mut outcomes = BTreeMap::new();
    super::keyed(cx, "outcomes.toml", Kind::Outcome, &mut outcomes, |id, value| outcome(id, value, money));
    outcomes
}

fn outcome(id: &str, value: &Value<'_>, money: &Money) -> Option<Outcome> {
    let table = value.table(format!("outcome `{id}`"))?;
    let of = table.need("of").and_then(|v| v.name());
    let fold = fold(&table);
    let unit = table.need("unit").and_then(|v| money.unit(&v));
    let words = |key: &str| table.need(key).and_then(|v| v.words());
    let (title, definition) = (words("title"), words("definition"));
    let bad_if: Option<BadIf> = table.need("bad_if").and_then(|v| v.word());
    let observable = table.need("observable").and_then(|v| v.flag());
    let outcome = Outcome {
        id: id.to_owned(),
        entities: table.get("entities").and_then(|v| v.names()).unwrap_or_default(),
        over: table.get("over").and_then(|v| v.word()).unwrap_or(Across::Each),
        window: table.get("window").and_then(|v| months(&v)),
        source_outcome: table.get("source_outcome").and_then(|v| v.words()),
        safeguard: table.get("safeguard").and_then(|v| v.flag()).unwrap_or(false),
        headline: table.get("headline").and_then(|v| v.flag()).unwrap_or(false),
        span: table.span,
        title: title.unwrap_or_default(),
        definition: definition.unwrap_or_default(),
        observable: observable.unwrap_or(false),
        of: of?,
        fold: fold?,
        unit: unit?,
        bad_if: bad_if?,
    };
    table.finish();
    Some(outcome)
}

fn months(value: &Value<'_>) -> Option<u32> {
    value.whole(1, MAX_MONTHS).and_then(|months| u32::try_from(months).ok())
}

fn fold(table: &Table<'_>) -> Option<Fold> {
    let (value, threshold) = (table.need("fold")?, table.get("threshold"));
    let run = table.get("months");
    let word = value.text()?;
    if !FOLDS.contains(&word.as_str()) {
        let listed: Vec<String> = FOLDS.iter().map(|fold| format!("`{fold}`")).collect();
        value.cx.push(
            Diagnostic::error(codes::P011, format!("`{word}` is not a fold over months"))
                .at(value.span, "")
                .expected(format!("one of {}", listed.join(", ")))
                .help_maybe(oxus_diag::did_you_mean(&word, FOLDS.iter().copied())),
        );
        return None;
    }
    let needs_threshold = word.ends_with("-above");
    if let Some(threshold) = threshold.as_ref().filter(|_| !needs_threshold) {
        threshold.wrong(&format!("a threshold for the fold `{word}`"), "a threshold only for the folds that end in `-above`");
    }
    if let Some(run) = run.as_ref().filter(|_| word != "run-above") {
        run.wrong(&format!("months for the fold `{word}`"), "`months` only for the fold `run-above`");
    }
    if needs_threshold && threshold.is_none() {
        table.missing("threshold");
    }
    if word == "run-above" && run.is_none() {
        table.missing("months");
    }
    let level = || threshold.as_ref().and_then(Value::real);
    Some(match word.as_str() {
        "sum" => Fold::Sum,
        "mean" => Fold::Mean,
        "last" => Fold::Last,
        "max" => Fold::Max,
        "any-above" => Fold::AnyAbove(level()?),
        "months-above" => Fold::MonthsAbove(level()?),
        "first-month-above" => Fold::FirstMonthAbove(level()?),
        _ => Fold::RunAbove { threshold: level()?, months: months(&run?)? },
    })
}

pub(super) fn questions(cx: &Context<'_>) -> BTreeMap<String, Question> {
    let mut questions = BTreeMap::new();
    super::keyed(cx, "questions.toml", Kind::Question, &mut questions, question);
    questions
}

fn question(id: &str, value: &Value<'_>) -> Option<Question> {
    let table = value.table(format!("question `{id}`"))?;
    let form: Option<Form> = table.need("form").and_then(|v| v.word());
    let question = Question {
        id: id.to_owned(),
        asks: table.need("asks").and_then(|v| v.words()).unwrap_or_default(),
        cases: table.need("cases").and_then(|v| v.names()).unwrap_or_default(),
        views: table.get("views").and_then(|v| v.names()).unwrap_or_default(),
        outcomes: table.need("outcomes").and_then(|v| v.names()).unwrap_or_default(),
        note: table.get("note").and_then(|v| v.words()),
        span: table.span,
        form: form?,
    };
    table.finish();
    Some(question)
}
