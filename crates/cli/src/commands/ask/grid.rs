//! `oxus ask --all`: every outcome under every case, and the effects of a two-by-two design.

use oxus_pack::region::Form;

use super::page::label;
use crate::output::number::{chance, plain, points, signed};
use crate::output::rows::{Row, wrap};

/// Prints all rows in the form of the question.
pub fn print(form: Form, rows: &[Row], cases: &[String]) {
    match form {
        Form::Ratio => grid(rows, cases, &ratio),
        Form::Table | Form::ByCause | Form::TwoByTwo => grid(rows, cases, &level),
    }
}

fn level(row: &Row) -> String {
    if row.likelihood.is_some() {
        format!("{} ({})", chance(row.scenario, row.confidence == "low"), points(row.difference))
    } else {
        format!("{} ({})", plain(row.scenario), signed(row.difference))
    }
}

fn ratio(row: &Row) -> String {
    if row.baseline == 0.0 {
        level(row)
    } else {
        format!(
            "{} (x{:.2})",
            if row.likelihood.is_some() { chance(row.scenario, row.confidence == "low") } else { plain(row.scenario) },
            row.scenario / row.baseline
        )
    }
}

/// Outcomes down, cases across, in blocks that fit 80 columns.
fn grid(rows: &[Row], cases: &[String], cell: &dyn Fn(&Row) -> String) {
    for block in cases[1..].chunks(3) {
        print!("{:<26}{:>8}", "", "baseline");
        for case in block {
            let short: String = case.chars().take(14).collect();
            print!(" {short:>14.14}");
        }
        println!();
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for row in rows {
            let key = (row.outcome.as_str(), row.entity.as_str());
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let unit = if row.likelihood.is_some() || matches!(row.unit.as_str(), "1" | "index" | "share") {
                String::new()
            } else {
                format!(", {}", row.unit)
            };
            for (i, line) in wrap(&format!("{}{unit}", label(row)), 25).iter().enumerate() {
                print!("{line:<26}");
                if i == 0 {
                    let base = if row.likelihood.is_some() { chance(row.baseline, row.confidence == "low") } else { plain(row.baseline) };
                    print!("{base:>8}");
                    for case in block {
                        let found = rows.iter().find(|r| r.case == *case && (r.outcome.as_str(), r.entity.as_str()) == key);
                        print!(" {:>14}", found.map_or_else(|| "–".into(), cell));
                    }
                }
                println!();
            }
        }
        println!();
    }
    println!("In brackets: the change from the baseline on the same futures (chances in");
    println!("points, ratios with x).");
}

/// Two factors of two levels: effect of each, and how much more both do together than the sum of the two.
pub fn two_by_two(rows: &[&Row], cases: &[String]) {
    let factors = |case: &str| case.split('@').next().unwrap_or(case).split('+').map(str::to_owned).collect::<Vec<_>>();
    let pairs: Vec<(String, Vec<String>)> = cases[1..].iter().map(|c| (c.clone(), factors(c))).filter(|(_, f)| f.len() == 2).collect();
    let [first, .., last] = pairs.as_slice() else { return };
    let (a, b) = (&first.1, &last.1);
    let name = |x: &str, y: &str| pairs.iter().find(|(_, f)| f[0] == x && f[1] == y).map(|p| p.0.clone());
    let (Some(aa), Some(ab), Some(ba), Some(bb)) = (name(&a[0], &a[1]), name(&a[0], &b[1]), name(&b[0], &a[1]), name(&b[0], &b[1])) else { return };
    println!();
    println!("{:<38}{:>13}{:>13}{:>13}", "effect of", format!("{}/{}", a[0], b[0]), format!("{}/{}", a[1], b[1]), "interaction");
    let mut seen = Vec::new();
    for &row in rows {
        let key = (row.outcome.clone(), row.entity.clone());
        if seen.contains(&key) {
            continue;
        }
        let at = |case: &str| rows.iter().find(|r| r.case == case && r.outcome == key.0 && r.entity == key.1).map(|r| r.scenario);
        seen.push(key.clone());
        let (Some(aa), Some(ab), Some(ba), Some(bb)) = (at(&aa), at(&ab), at(&ba), at(&bb)) else { continue };
        let effects = [((aa + ab) - (ba + bb)) / 2.0, ((aa + ba) - (ab + bb)) / 2.0, aa - ab - ba + bb];
        let text = effects.map(|x| if row.likelihood.is_some() { format!("{} pt", points(x)) } else { signed(x) });
        let lines = wrap(&label(row), 37);
        println!("{:<38}{:>13}{:>13}{:>13}", lines[0], text[0], text[1], text[2]);
        lines[1..].iter().for_each(|l| println!("{l}"));
    }
    println!("\nEach effect is the mean over both levels of the other factor; interaction: how");
    println!("much one effect changes with the other.");
}
