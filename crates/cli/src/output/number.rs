//! Numbers as readers expect them: three digits that matter, thousands apart, signs on differences, percent for chances.

/// A plain number: three significant digits, thousands separated by a thin comma.
pub fn plain(x: f64) -> String {
    if !x.is_finite() {
        return "–".into();
    }
    let size = x.abs();
    let text = if size == 0.0 {
        "0".into()
    } else if size >= 1000.0 {
        thousands(size.round())
    } else if size >= 100.0 {
        format!("{size:.0}")
    } else if size >= 10.0 {
        format!("{size:.1}")
    } else if size >= 1.0 {
        format!("{size:.2}")
    } else if size >= 0.0005 {
        format!("{size:.3}")
    } else {
        format!("{size:.0e}")
    };
    if x < 0.0 { format!("-{text}") } else { text }
}

fn thousands(x: f64) -> String {
    let digits = format!("{x:.0}");
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// With a sign, for differences.
pub fn signed(x: f64) -> String {
    if x > 0.0 { format!("+{}", plain(x)) } else { plain(x) }
}

/// A chance in percent, never below 1 or above 99.
pub fn chance(p: f64, mostly_assumed: bool) -> String {
    if !p.is_finite() {
        return "–".into();
    }
    match oxus_analysis::reported_probability(p, mostly_assumed) {
        r if p < 0.01 && r <= 0.01 => "< 1 %".into(),
        r if p > 0.99 && r >= 0.99 => "> 99 %".into(),
        r => format!("{:.0} %", 100.0 * r),
    }
}

/// A difference of chances in points.
pub fn points(d: f64) -> String {
    if !d.is_finite() {
        return "–".into();
    }
    let x = 100.0 * d;
    if x == 0.0 {
        "0".into()
    } else if x.abs() < 10.0 {
        format!("{x:+.1}")
    } else {
        format!("{x:+.0}")
    }
}
