//! Tests of the crate as its users see it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::{Diagnostic, Diagnostics, Record, Severity, Sources, Span, Style, codes, did_you_mean, near_misses, render, to_json};

const GROWTH: &str = "# growth of the five states\n[trend.KGZ]\nvalue = 0.042\nunit  = \"1/yer\"\n";
const DRIVERS: &str = "[trend.KGZ]\nunit = \"1/yr\"\n";

/// A table of two files, a place in each.
fn two_files() -> (Sources, Span, Span) {
    let mut sources = Sources::new();
    let growth = sources.add("parameters/growth.toml", GROWTH);
    let drivers = sources.add("parameters/drivers.toml", DRIVERS);
    let at = GROWTH.find("\"1/yer\"").unwrap();
    (sources, Span::new(growth, at..at + 7), Span::new(drivers, 1..10))
}

fn unknown_unit(place: Span, context: Span) -> Diagnostic {
    Diagnostic::error(codes::U001, "unit `1/yer` is not known")
        .at(place, "this unit")
        .and_at(context, "the same parameter is here")
        .found("yer")
        .expected("a rate, such as `1/yr`")
        .note("units are case-sensitive")
        .help("did you mean `yr`?")
}

#[test]
fn renders_places_in_two_files() {
    let (sources, place, context) = two_files();
    let text = render(&[unknown_unit(place, context)], &sources, Style::plain());
    let expected = "\
error[U001]: unit `1/yer` is not known
 --> parameters/growth.toml:4:9
  |
4 | unit  = \"1/yer\"
  |         ^^^^^^^ this unit
  |
 ::: parameters/drivers.toml:1:2
  |
1 | [trend.KGZ]
  |  --------- the same parameter is here
  |
  = found: yer
  = expected: a rate, such as `1/yr`
  = note: units are case-sensitive
  = help: did you mean `yr`?

1 error
";
    assert_eq!(text, expected);
}

#[test]
fn renders_several_labels_of_one_file_with_true_line_numbers() {
    let mut sources = Sources::new();
    let text = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\nb = 7\n";
    let file = sources.add("pack.toml", text);
    let again =
        Diagnostic::warning(codes::C006, "`b` is set twice").at(Span::new(file, 36..37), "again here").and_at(Span::new(file, 6..7), "first here");
    let expected = "\
warning[C006]: `b` is set twice
 --> pack.toml:7:1
  |
2 | b = 2
  | - first here
...
7 | b = 7
  | ^ again here

1 warning
";
    assert_eq!(render(&[again], &sources, Style::plain()), expected);
}

#[test]
fn renders_without_a_place_and_counts_what_is_left_over() {
    let problem = |n: usize| Diagnostic::error(codes::E001, format!("scenario `s{n}` does not exist"));
    let list: Vec<_> = (0..3).map(problem).chain([Diagnostic::remark(codes::E002, "a note")]).collect();
    let text = render(&list, &Sources::new(), Style::plain().limit(2));
    let expected = "\
error[E001]: scenario `s0` does not exist

error[E001]: scenario `s1` does not exist

3 errors, 1 note (2 more not shown)
";
    assert_eq!(text, expected);
    assert_eq!(render(&[], &Sources::new(), Style::plain()), "");
}

#[test]
fn colours_only_when_asked() {
    let (sources, place, context) = two_files();
    let list = [unknown_unit(place, context)];
    assert!(!render(&list, &sources, Style::plain()).contains('\u{1b}'));
    assert!(render(&list, &sources, Style::terminal(80)).contains('\u{1b}'));
}

#[test]
fn control_characters_of_the_input_do_not_reach_the_terminal() {
    let mut sources = Sources::new();
    let file = sources.add("\u{1b}[31mred.toml", "x = \u{1b}[31m\u{202e}\n");
    let hostile = Diagnostic::error(codes::C007, "bad \u{1b}[2J name")
        .at(Span::new(file, 0..1), "\u{1b}[31mlabel")
        .found("\u{1b}]0;title\u{7}")
        .help("\u{1b}[0m");
    let text = render(&[hostile], &sources, Style::plain());
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains('\u{7}'), "{text}");
}

#[test]
fn json_round_trips_and_resolves_places() {
    let (sources, place, context) = two_files();
    let text = to_json(&[unknown_unit(place, context), Diagnostic::warning(codes::E001, "no place")], &sources);
    let records: Vec<Record> = serde_json::from_str(&text).unwrap();
    assert_eq!(to_string(&records), text);
    let first = &records[0];
    let place = first.place.as_ref().unwrap();
    assert_eq!((first.code.as_str(), first.severity), ("U001", Severity::Error));
    assert_eq!((place.file.as_str(), place.line, place.column), ("parameters/growth.toml", 4, 9));
    assert_eq!((place.end_line, place.end_column), (4, 16));
    assert_eq!(first.labels[1].place.file, "parameters/drivers.toml");
    assert_eq!(first.found.as_deref(), Some("yer"));
    assert_eq!(records[1].place, None);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value[0]["line"], 4);
    assert!(value[1].get("line").is_none());
}

fn to_string(records: &[Record]) -> String {
    serde_json::to_string_pretty(records).unwrap() + "\n"
}

#[test]
fn order_and_repetition_do_not_depend_on_who_came_first() {
    let (_, place, context) = two_files();
    let all = [
        unknown_unit(place, context),
        Diagnostic::error(codes::C001, "b").at(context, ""),
        Diagnostic::error(codes::C001, "a").at(context, ""),
        Diagnostic::warning(codes::C001, "a").at(context, ""),
        Diagnostic::error(codes::C001, "without place"),
        unknown_unit(place, context),
    ];
    let forward: Diagnostics = all.iter().cloned().collect();
    let backward: Diagnostics = all.iter().rev().cloned().collect();
    let sorted = forward.into_sorted();
    assert_eq!(sorted, backward.into_sorted());
    let headlines: Vec<_> = sorted.iter().map(|d| d.headline.as_str()).collect();
    assert_eq!(headlines, ["unit `1/yer` is not known", "a", "b", "a", "without place"]);
}

#[test]
fn collector_counts_and_decides() {
    let mut collected = Diagnostics::new();
    collected.push(Diagnostic::warning(codes::C002, "w"));
    assert!(!collected.has_errors());
    assert!(collected.clone().or_value(7).is_ok_and(|(value, rest)| value == 7 && rest.len() == 1));
    assert_eq!(collected.keep(Ok::<_, Diagnostic>(1)), Some(1));
    assert_eq!(collected.keep(Err::<i32, _>(Diagnostic::error(codes::C001, "e"))), None);
    let counts = collected.counts();
    assert_eq!((counts.errors, counts.warnings, counts.notes), (1, 1, 0));
    assert!(collected.or_value(7).is_err());
}

#[test]
fn near_misses_find_slips_and_leave_strangers() {
    let names = ["unrest.rate", "energy.delivered", "energy.revenue", "gas-interruption", "KGZ", "KAZ", "a"];
    let near = |name: &str| near_misses(name, names.iter().copied(), 3);
    assert_eq!(near("gas-interuption"), ["gas-interruption"]);
    assert_eq!(near("energy.delievred"), ["energy.delivered"]);
    assert_eq!(near("rate"), ["unrest.rate"]);
    assert_eq!(near("kgz"), ["KGZ", "KAZ"]);
    assert_eq!(near("b"), [""; 0]);
    assert_eq!(near("completely different"), [""; 0]);
    assert_eq!(did_you_mean("KGZ", ["KAZ", "KGY"].into_iter()).unwrap(), "did you mean `KAZ` or `KGY`?");
    assert_eq!(did_you_mean("nothing", std::iter::empty()), None);
}

#[test]
fn codes_are_sorted_and_well_formed() {
    for pair in codes::ALL.windows(2) {
        assert!(pair[0] < pair[1], "{} stands before {}", pair[0], pair[1]);
    }
    for code in codes::ALL {
        let (family, number) = code.id().split_at(1);
        assert!("PUCMSEAX".contains(family), "{code}: family");
        assert!(number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()), "{code}: number");
        assert_eq!(codes::Code::find(&code.id().to_lowercase()), Some(*code));
    }
    assert_eq!(codes::Code::find("Z999"), None);
}

#[test]
fn every_page_has_its_sections_and_a_title_of_its_own() {
    let mut titles = BTreeSet::new();
    for code in codes::ALL {
        let headings: Vec<_> = code.page().lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, ["## What it means", "## How to fix", "## Example"], "{code}");
        for section in code.page().split("\n## ").skip(1) {
            let body = section.split_once('\n').map_or("", |(_, body)| body.trim());
            assert!(body.len() > 30, "{code}: the section is almost empty: {section:?}");
        }
        assert!(!code.title().ends_with('.') && code.title().len() < 60, "{code}: {}", code.title());
        assert!(titles.insert(code.title()), "{code}: the title `{}` is taken", code.title());
    }
}

#[test]
fn lines_and_columns_count_characters_from_one() {
    let mut sources = Sources::new();
    let file = sources.add("a", "Ош\nб = 1\r\n\nz");
    assert_eq!(sources.line_col(file, 0), (1, 1));
    assert_eq!(sources.line_col(file, 2), (1, 2));
    assert_eq!(sources.line_col(file, 3), (1, 2), "inside a character counts as its start");
    assert_eq!(sources.line_col(file, 5), (2, 1));
    assert_eq!(sources.line_col(file, 13), (3, 1));
    assert_eq!(sources.line_col(file, 14), (4, 1));
    assert_eq!(sources.line_col(file, 999), (4, 2));
    assert_eq!(sources.snippet(Span::new(file, 0..3)), "Ош");
    assert_eq!(sources.find("a"), Some(file));
}

#[test]
fn spans_join_inside_one_file() {
    let (sources, place, context) = two_files();
    let other = sources.span(place.source, 2..4);
    assert_eq!(place.to(other).range(), 2..place.end as usize);
    assert_eq!(place.to(context), place);
}

proptest! {
    /// Whatever the text and the ranges, both renderings return.
    #[test]
    fn never_panics_on_any_text_or_range(
        text in "(?s).{0,80}",
        ranges in prop::collection::vec((0usize..120, 0usize..120), 0..4),
        words in "(?s).{0,20}",
        width in 0usize..200,
    ) {
        let mut sources = Sources::new();
        let file = sources.add("f", text);
        let mut problem = Diagnostic::error(codes::X001, words.clone()).found(words.clone());
        for (i, (a, b)) in ranges.into_iter().enumerate() {
            let span = Span::new(file, a..b);
            problem = if i % 2 == 0 { problem.at(span, words.clone()) } else { problem.and_at(span, words.clone()) };
        }
        let list = [problem];
        let style = Style { width, ..Style::plain() };
        prop_assert!(!render(&list, &sources, style).is_empty());
        prop_assert!(to_json(&list, &sources).ends_with("]\n"));
    }
}
