//! What several mechanisms do month by month: slow indices on their way to a target, dates of a calendar.

/// Months of a year.
pub(crate) const MONTHS: f64 = 12.0;

/// An index after one month on its way to `target` (taken within `[0, 1]`), time constant `tau` months (at least one).
#[inline(always)]
pub(crate) fn relax(index: f64, target: f64, tau: f64) -> f64 {
    index + (target.clamp(0.0, 1.0) - index) / tau.max(1.0)
}

/// Month of a date given as numbers, counted from January of the year 0; a year below 1 means that there is no date, which is never reached.
pub(crate) fn month_of(year: f64, month: f64) -> i32 {
    if year < 1.0 { i32::MAX / 2 } else { whole(year.min(9999.0)) * 12 + whole(month.clamp(1.0, 12.0)) - 1 }
}

/// Years as whole months.
pub(crate) fn months_in(years: f64) -> i32 {
    whole(years * MONTHS)
}

/// Whether a recurring date falls in month `now`: first in `first`, then every `interval` months (0: once).
#[inline(always)]
pub(crate) fn due(now: i32, first: i32, interval: i32) -> bool {
    let since = now - first;
    since == 0 || (since > 0 && interval > 0 && since % interval == 0)
}

/// The first month from `now` on in which a recurring date falls (see [`due`]); one that is never reached if there is none.
pub(crate) fn next_due(now: i32, first: i32, interval: i32) -> i32 {
    if now <= first {
        first
    } else if interval > 0 {
        first + (now - first + interval - 1) / interval * interval
    } else {
        i32::MAX / 2
    }
}

/// The nearest whole number; the conversion saturates, so that no value panics.
fn whole(x: f64) -> i32 {
    (x + 0.5).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_recur_from_the_first_on() {
        let first = month_of(2014.0, 4.0);
        assert_eq!(first, 2014 * 12 + 3);
        let hits: Vec<i32> = (first - 60..first + 130).filter(|now| due(*now, first, months_in(5.0))).map(|now| now - first).collect();
        assert_eq!(hits, vec![0, 60, 120]);
        for interval in [0, 1, 60] {
            for now in first - 70..first + 130 {
                let next = next_due(now, first, interval);
                assert_eq!(due(now, first, interval), next == now);
                assert!(next > now || due(next, first, interval));
            }
        }
        assert!(due(first, first, 0) && !due(first + 60, first, 0));
        assert!((0..12 * 9999).step_by(7).all(|now| !due(now, month_of(0.0, 1.0), 60)), "no date is never reached");
    }

    #[test]
    fn indices_stay_within_bounds_and_reach_their_target() {
        let mut x = 0.2;
        for _ in 0..240 {
            x = relax(x, 1.7, 12.0);
            assert!((0.0..=1.0).contains(&x));
        }
        // 0.8 (11/12)^240 is below 1e-9
        assert!((x - 1.0).abs() < 1e-8);
        // a time constant below one month acts as one month; one rounding
        assert!((relax(0.3, 0.9, 0.0) - 0.9).abs() < 1e-15);
    }
}
