use proptest::prelude::*;

use super::Formula;

fn value(text: &str) -> f64 {
    let known = |id: &str| match id {
        "Q007" => Some(45.0),
        "Q008" => Some(10.0),
        "finance.trade-share.KGZ" => Some(0.5),
        _ => None,
    };
    Formula::parse(text).unwrap().eval(&known).unwrap()
}

#[test]
fn precedence_and_order() {
    assert_eq!(value("1 + 2 * 3"), 7.0);
    assert_eq!(value("(1 + 2) * 3"), 9.0);
    assert_eq!(value("8 - 4 - 2"), 2.0);
    assert_eq!(value("8 / 4 / 2"), 1.0);
    assert_eq!(value("-2 * -3"), 6.0);
    assert_eq!(value("2 - -3"), 5.0);
    assert_eq!(value("1.5e2 + .5"), 150.5);
}

#[test]
fn ids_keep_their_hyphens_and_minus_needs_a_space() {
    assert_eq!(value("(Q008 - Q007) / Q007"), -35.0 / 45.0);
    assert_eq!(value("finance.trade-share.KGZ * 2"), 1.0);
    let formula = Formula::parse("Q008 -Q007").unwrap();
    assert_eq!(formula.ids().map(|(id, at)| (id.to_owned(), at)).collect::<Vec<_>>(), [("Q008".to_owned(), 0..4), ("Q007".to_owned(), 6..10)]);
}

#[test]
fn functions() {
    assert_eq!(value("sqrt(9) + 1"), 4.0);
    assert_eq!(value("2 * ln(exp(3))"), 6.0);
    assert_eq!(Formula::parse("ln * 2").unwrap().ids().count(), 1, "without a parenthesis it is an id");
    assert!(Formula::parse("ln()").is_err() && Formula::parse("ln(1").is_err());
}

#[test]
fn a_remark_follows_a_colon() {
    assert_eq!(value("9 / 3: what is kept, over what there was"), 3.0);
    assert!(Formula::parse(": only words").is_err());
}

#[test]
fn an_unknown_id_has_no_value() {
    assert_eq!(Formula::parse("2 * nobody").unwrap().eval(&|_| None), None);
}

#[test]
fn errors_point_at_the_place() {
    let error = |text: &str| Formula::parse(text).unwrap_err().at;
    assert_eq!(error("1 + "), 4..4);
    assert_eq!(error("1 + * 2"), 4..5);
    assert_eq!(error("(1 + 2"), 6..6);
    assert_eq!(error("1 2"), 2..3);
    assert_eq!(error("2 ^ 3"), 2..3);
    assert_eq!(error(""), 0..0);
    assert!(Formula::parse(&"(".repeat(1_000)).is_err());
    assert!(Formula::parse(&"-".repeat(1_000)).is_err());
    assert!(Formula::parse(&"1+".repeat(500_000)).is_err());
}

proptest! {
    #[test]
    fn never_panics(text in "[-+*/(). a-zA-Z0-9_é]{0,40}") {
        if let Err(error) = Formula::parse(&text) {
            prop_assert!(error.at.end <= text.len() + 1);
        }
    }

    #[test]
    fn agrees_with_the_same_expression_in_rust(a in -9.0..9.0_f64, b in 1.0..9.0_f64, c in 1.0..9.0_f64) {
        let text = format!("{a} + {b} / ({c} - 0.5) * 2");
        prop_assert_eq!(value(&text), a + b / (c - 0.5) * 2.0);
    }
}
