use proptest::prelude::*;

use crate::{Date, Month, Period};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Day numbers printed by GNU date 9.1: `date -u -d DAY +%s`, divided by 86,400.
#[test]
fn day_numbers_agree_with_gnu_date() {
    let known = [
        ("1970-01-01", 0),
        ("2013-02-27", 15_763),
        ("2000-02-29", 11_016),
        ("1900-03-01", -25_508),
        ("1600-01-01", -135_140),
        ("2023-12-31", 19_722),
        ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ];
    for (text, number) in known {
        assert_eq!(date(text).day_number(), number, "{text}");
        assert_eq!(Date::from_day_number(number), Some(date(text)));
    }
}

#[test]
fn every_day_of_eight_centuries_follows_the_day_before() {
    let mut today = date("1599-12-31");
    let mut months = 0;
    for number in today.day_number() + 1..=date("2400-12-31").day_number() {
        let tomorrow = Date::from_day_number(number).unwrap();
        assert_eq!(tomorrow.day_number(), number);
        if tomorrow.month() == today.month() {
            assert_eq!(tomorrow.day(), today.day() + 1);
        } else {
            assert_eq!((tomorrow.month(), tomorrow.day()), (today.month().next(), 1));
            assert_eq!(today, today.month().last_day());
            months += 1;
        }
        today = tomorrow;
    }
    assert_eq!(months, 801 * 12);
}

#[test]
fn the_edges_of_the_calendar_are_none() {
    assert_eq!(Date::from_day_number(date("9999-12-31").day_number() + 1), None);
    assert_eq!(Date::from_day_number(date("0000-01-01").day_number() - 1), None);
    assert_eq!(Date::from_day_number(i64::MAX), None);
    assert_eq!(Date::from_day_number(i64::MIN), None);
    assert_eq!(date("2013-02-27").plus_days(i64::MAX), None);
    assert_eq!(date("2013-02-27").plus_days(2), Some(date("2013-03-01")));
    assert_eq!(date("2014-02-27").days_since(date("2013-02-27")), 365);
}

#[test]
fn what_is_no_date_is_refused() {
    for text in ["2013-2", "2013-13", "2013-00", "13-01", "2013/01", "2013-01-01", "", "-", "２013-01", "+013-01", "2013-1 "] {
        assert!(Month::parse(text).is_err(), "{text}");
    }
    for text in ["2013-02-29", "1900-02-29", "2013-04-31", "2013-02", "2013-02-00", "2013-02-1", "2013-02-27 ", "2013-02-027"] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
    for text in ["2014-01..2013-12", "2012-2000", "..", "2012..", "2012...2013", "12", "2013-01-02", "2013-01..x"] {
        assert!(Period::parse(text).is_err(), "{text}");
    }
    let error = Date::parse("2013-02-30").unwrap_err();
    assert_eq!(error.code(), "U004");
    assert_eq!(error.to_string(), "`2013-02-30` is not a day of the calendar, such as `2013-02-27`");
}

#[test]
fn periods_are_read_and_counted() {
    let months = |text: &str| Period::parse(text).unwrap().months();
    assert_eq!(months("2013-01..2023-12"), 132);
    assert_eq!(months("2012"), 12);
    assert_eq!(months("2012-03"), 1);
    assert_eq!(months("2000-2012"), 156);
    assert_eq!(Period::parse("2000..2012"), Period::parse("2000-2012"));
    let period = Period::parse("2012-11..2013-02").unwrap();
    let all: Vec<_> = period.iter().map(|month| month.to_string()).collect();
    assert_eq!(all, ["2012-11", "2012-12", "2013-01", "2013-02"]);
    assert!(period.contains(month("2013-02")) && !period.contains(month("2013-03")));
    assert_eq!(period.intersection(Period::of_year(2013).unwrap()).unwrap().to_string(), "2013-01..2013-02");
    assert_eq!(period.intersection(Period::of_year(2014).unwrap()), None);
}

#[test]
fn months_are_counted() {
    assert_eq!(month("2013-01").since(month("2012-12")), 1);
    assert_eq!(month("2012-02").days(), 29);
    assert_eq!(month("1900-02").days(), 28);
    assert_eq!(month("2000-02").days(), 29);
    assert_eq!(month("2013-02").last_day(), date("2013-02-28"));
    assert_eq!((month("2013-02").year(), month("2013-02").month()), (2013, 2));
    assert_eq!(Month::new(10_000, 1), None);
}

proptest! {
    #[test]
    fn reading_never_panics(text in "(?s).{0,20}", near in "[0-9.-]{0,18}") {
        for text in [text, near] {
            let _ = (Month::parse(&text), Date::parse(&text), Period::parse(&text));
        }
    }

    #[test]
    fn printing_round_trips(index in 0i32..120_000, length in 0i32..3000, number in -719_528_i64..2_932_897) {
        let month = Month::from_index(index);
        let first = month.plus(-(length % (index + 1)));
        let period = Period::new(first, month).unwrap();
        let day = Date::from_day_number(number).unwrap();
        prop_assert_eq!(Month::parse(&month.to_string()), Ok(month));
        prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        prop_assert_eq!(Date::parse(&day.to_string()), Ok(day));
    }

    #[test]
    fn order_of_days_is_order_of_numbers(a in -719_528_i64..2_932_897, b in -719_528_i64..2_932_897) {
        let (day_a, day_b) = (Date::from_day_number(a).unwrap(), Date::from_day_number(b).unwrap());
        prop_assert_eq!(day_a.cmp(&day_b), a.cmp(&b));
        prop_assert_eq!(day_a.plus_days(b - a), Some(day_b));
    }
}
