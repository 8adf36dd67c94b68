//! Figures, happenings, actors, ties and uncertainties: what is read, and what is refused with which code.

mod common;

use oxus_pack::region::{Bound, EntryKind, Figure, HappeningKind, Held, Part, TieSign, When};
use oxus_pack::{Memory, Read, read};

const CLAIM: &str =
    "\n[Q009]\nsays = \"So many.\"\nclaimant = \"authors\"\nvoice = \"neutral\"\nhedge = \"asserted\"\nevidence = \"no-note\"\nat = [\"I\"]\n";
const EVENTS: &str = "id,date,kind,place,what,part,enters,why,at\n";
const ENTITIES: &str = "id,number,name,kind,enters,why,at\nAA,N001,Aland,state,state:AAA,,I\nFIRM,N002,A firm,firm,,outside,II\n";
const TIES: &str = "id,from,to,what,sign,dates,part,enters,why,at\n";

fn with(path: &str, text: &str) -> Read {
    let mut files = common::minimal();
    put(&mut files, path, text);
    put(&mut files, "actors/entities.csv", ENTITIES);
    read(&files)
}

/// Adds to a file of the minimal pack, or makes it.
fn put(files: &mut Memory, path: &str, text: &str) {
    let mut whole = files.remove(path).map(|old| String::from_utf8(old).unwrap()).unwrap_or_default();
    whole.push_str(text);
    files.insert(path, whole.as_bytes());
}

fn codes(found: &Read) -> Vec<&'static str> {
    found.diagnostics.iter().map(|problem| problem.code.id()).collect()
}

fn claim(rest: &str) -> Read {
    with("claims/claims.toml", &format!("{CLAIM}{rest}"))
}

#[test]
fn figures_are_typed() {
    let figures = [
        ("value = 2.5, unit = \"billion USD\", bound = \"almost\", date = \"2010\"", Figure::Value(2.5), Some("2010")),
        ("low = 7, high = 10, unit = \"persons\", date = \"1993-2008\"", Figure::Range(7.0, 10.0), Some("1993-01..2008-12")),
        ("is = \"2002-06-07\"", Figure::Date(When::parse("2002-06-07").unwrap()), None),
        ("stated = false, printed = \"many\", date = \"2012-06-08..2012-06-14\"", Figure::Unstated, Some("2012-06-08..2012-06-14")),
    ];
    for (text, figure, date) in figures {
        let rest =
            format!("role = \"observation\"\nenters = [\"series:growth\"]\nquantity = {{ {text}, about = \"it\" }}\ncontradicts = [\"M001\"]\n");
        let found = claim(&rest);
        assert_eq!(codes(&found), [""; 0], "{text}");
        let region = found.region.unwrap();
        let claim = &region.claims["Q009"];
        let quantity = claim.quantity.as_ref().unwrap();
        assert_eq!((quantity.figure, quantity.date.map(|date| date.to_string()).as_deref()), (figure, date), "{text}");
        assert_eq!(quantity.bound, text.contains("almost").then_some(Bound::Almost));
        assert_eq!((claim.enters[0].kind, claim.enters[0].id.id.as_str(), claim.contradicts[0].id.as_str()), (EntryKind::Series, "growth", "M001"));
    }
}

#[test]
fn figures_that_are_none_are_refused() {
    for (text, code) in [
        ("about = \"it\", date = \"2010\"", "P009"),                             // no figure
        ("about = \"it\", value = 1", "P009"),                                   // no unit
        ("about = \"it\", value = 1, is = \"2010\", unit = \"1\"", "P010"),      // two figures
        ("about = \"it\", low = 3, high = 2, unit = \"1\"", "P010"),             // upside down
        ("about = \"it\", low = 3, unit = \"1\"", "P010"),                       // half a range
        ("about = \"it\", is = \"2010\", unit = \"yr\"", "P010"),                // a date with a unit
        ("about = \"it\", stated = true", "P010"),                               // stated, but where
        ("about = \"it\", is = \"in spring\"", "U004"),                          // no date
        ("about = \"it\", value = 1, unit = \"troops\"", "U001"),                // an unknown word
        ("about = \"it\", value = 1, unit = \"1\", bound = \"nearly\"", "P011"), // an unknown bound
        ("about = \"it\", value = 1, unit = \"1\", observes = 1", "P008"),       // an unknown key
    ] {
        let found = claim(&format!("role = \"observation\"\nenters = [\"series:growth\"]\nquantity = {{ {text} }}\n"));
        assert_eq!(codes(&found), [code], "{text}");
    }
}

#[test]
fn what_takes_something_up_exists() {
    for (entry, code) in [
        ("series:grwth", "P014"),
        ("proposal:union.no-such", "P014"),
        ("parameter:finance.no_such", "P014"),
        ("claim:M999", "P014"),
        ("serie:growth", "P011"),
        ("growth", "P011"),
        ("series:", "P011"),
    ] {
        let found = claim(&format!("role = \"mechanism\"\nenters = [\"{entry}\"]\n"));
        assert_eq!(codes(&found), [code], "{entry}");
    }
    let free = claim("role = \"observation\"\nquantity = { value = 1, unit = \"1\", about = \"it\" }\n");
    assert_eq!(codes(&free), ["P038"], "a figure that is an observation of nothing");
    let other = claim("role = \"mechanism\"\ncontradicts = [\"M998\"]\n");
    assert_eq!(codes(&other), ["P014"]);
}

#[test]
fn happenings_and_ties_are_read() {
    let text = format!(
        "{EVENTS}E001,2011-08-26,unrest,AAA;FIRM,A crowd came.,data,series:growth; claim:M001,,II\nE002,2035,scheduled,AAA,It is due.,background,,far,III\n"
    );
    let found = with("history/events.csv", &text);
    assert_eq!(codes(&found), [""; 0]);
    let region = found.region.unwrap();
    let event = &region.happenings["E001"];
    assert_eq!((event.kind, event.part, event.enters.len(), event.places.len()), (HappeningKind::Unrest, Part::Data, 2, 2));
    assert_eq!((event.date.unwrap().to_string().as_str(), event.enters[1].to_string().as_str()), ("2011-08-26", "claim:M001"));
    assert_eq!(region.entries().len(), 3, "two of the event, one of the actors");
    let found = with("actors/ties.csv", &format!("{TIES}T001,FIRM,AA,sells to it,+-,2000s,background,,small,II\n"));
    assert_eq!(codes(&found), [""; 0]);
    let region = found.region.unwrap();
    assert_eq!((region.ties["T001"].sign, region.ties["T001"].dates.as_deref()), (TieSign::Mixed, Some("2000s")));
}

#[test]
fn rows_that_say_too_little_are_refused() {
    for (path, head, row, code) in [
        ("history/events.csv", EVENTS, "E001,2011,unrest,AAA,A crowd.,background,,,II", "P032"),
        ("history/events.csv", EVENTS, "E001,2011,unrest,AAA,A crowd.,data,,,II", "P038"),
        ("history/events.csv", EVENTS, "E001,2011,riot,AAA,A crowd.,background,,why,II", "P011"),
        ("history/events.csv", EVENTS, "E001,2011-02-30,unrest,AAA,A crowd.,background,,why,II", "U004"),
        ("history/events.csv", EVENTS, "E001,2035,unrest,AAA,A crowd.,background,,why,II", "P022"),
        ("history/events.csv", EVENTS, "E001,2011,unrest,ZZZ,A crowd.,background,,why,II", "P014"),
        ("actors/ties.csv", TIES, "T001,FIRM,ZZ,sells,+,,background,,why,II", "P014"),
        ("actors/ties.csv", TIES, "T001,FIRM,AA,sells,±,,background,,why,II", "P011"),
        ("actors/entities.csv", "", "ZED,N003,Zed,person,,,II\n", "P032"),
        ("uncertainties.toml", "", "[U01]\nsays = \"Open.\"\nheld = \"mixture\"\nat = [\"I\"]\n", "P032"),
        ("uncertainties.toml", "", "[U01]\nsays = \"Open.\"\nheld = \"guess\"\nwhy = \"so\"\nat = [\"I\"]\n", "P011"),
        ("uncertainties.toml", "", "[U01]\nsays = \"Open.\"\nheld = \"spread\"\nwhy = \"so\"\nbetween = [\"M997\"]\nat = [\"I\"]\n", "P014"),
    ] {
        let mut files = common::minimal();
        put(&mut files, "actors/entities.csv", ENTITIES);
        put(&mut files, path, &format!("{head}{row}\n"));
        assert_eq!(codes(&read(&files)), [code], "{row}");
    }
}

#[test]
fn uncertainties_are_read() {
    let text =
        "[U01]\nsays = \"Open.\"\nbetween = [\"M001\", \"M002\"]\nheld = \"contested\"\nenters = [\"variable:finance.growth\"]\nat = [\"I\"]\n";
    let found = with("uncertainties.toml", text);
    assert_eq!(codes(&found), [""; 0]);
    let region = found.region.unwrap();
    assert_eq!((region.uncertainties["U01"].held, region.uncertainties["U01"].between.len()), (Held::Contested, 2));
}

#[test]
fn formulas_use_figures() {
    for (value, wanted) in [("8", None), ("9", Some("P034"))] {
        let mut files = common::minimal();
        let quantity = "role = \"parameter\"\nquantity = { value = 3, unit = \"1\", about = \"it\" }\n";
        put(&mut files, "claims/claims.toml", &format!("{CLAIM}{quantity}"));
        let number =
            format!("\n[extra]\nvalue = {value}\nunit = \"1\"\nstatus = \"derived\"\nformula = \"Q009 + 5\"\ncites = [{{ claim = \"Q009\" }}]\n");
        put(&mut files, "parameters/finance.toml", &number);
        assert_eq!(codes(&read(&files)), wanted.into_iter().collect::<Vec<_>>(), "{value}");
    }
}
