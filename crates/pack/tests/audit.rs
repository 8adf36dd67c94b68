//! Whatever stands in `audit.toml`, reading reports it and never panics.

mod common;

use oxus_pack::read;

const CLAIM: &str = r#"
[Q901]
says     = "A figure for the test."
claimant = "authors"
voice    = "neutral"
hedge    = "asserted"
evidence = "series"
at       = ["I"]
role     = "observation"
why      = "a test"
quantity = { low = 7, high = 10, unit = "persons", date = "2009..2010", about = "people in a test" }
"#;

const AUDIT: &str = r#"
[test]
says   = "Twice is twice."
values = [{ id = "twice", formula = "2 * Q901.low", unit = "persons" }, { id = "years", formula = "Q901.to - Q901.from", unit = "1" }]
expect = { value = "twice", is = "equal", to = "14", within = 0.5, because = "whole persons" }
holds  = "{twice:0} in {years} years"
fails  = "{twice:0}"
at     = ["I"]
"#;

fn pack(audit: &str) -> oxus_pack::Read {
    let mut files = common::minimal();
    files.insert("claims/figures.toml".to_owned(), CLAIM.as_bytes().to_vec());
    files.insert("audit.toml".to_owned(), audit.as_bytes().to_vec());
    read(&files)
}

#[test]
fn figures_are_numbers_in_base_units_and_decimal_years() {
    let read = pack(AUDIT);
    let text = oxus_diag::render(&read.diagnostics, &read.sources, oxus_diag::Style::plain());
    let region = read.region.unwrap_or_else(|| panic!("{text}"));
    let figure = |id: &str| region.figure(id);
    assert_eq!((figure("Q901"), figure("Q901.low"), figure("Q901.high")), (Some(8.5), Some(7.0), Some(10.0)));
    assert_eq!((figure("Q901.year"), figure("Q901.from"), figure("Q901.to")), (Some(2009.0), Some(2009.0), Some(2011.0)));
    assert_eq!((figure("Q901.width"), figure("Q999"), figure("")), (None, None, None));
    assert!(region.reckonings["test"].expect.is_some());
}

#[test]
fn any_value_in_any_place_is_read_or_reported() {
    let values =
        ["", "0", "-1", "nan", "1e308", "\"\"", "\"x\"", "\"{\"", "\"}{:\"", "\"(((\"", "[]", "[[]]", "{}", "[{}]", "true", "\"yr / 0\"", "\"1979\""];
    for line in AUDIT.lines().filter(|l| l.contains('=')) {
        let key = line.split_once('=').expect("a key").0;
        for value in values {
            let read = pack(&AUDIT.replace(line, &format!("{key}= {value}")));
            assert!(read.region.is_some() || !read.diagnostics.is_empty(), "{key}= {value}: neither read nor reported");
        }
        let read = pack(&AUDIT.replace(line, ""));
        assert!(read.region.is_none(), "a reckoning without {key} is read");
    }
}
