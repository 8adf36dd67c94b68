//! `oxus loops`: the feedback of the running model, as a table, JSON or DOT.

use oxus_diag::{Diagnostic, codes};
use oxus_engine::loops::{self, Loop, Report, Settings};
use oxus_kernel::LANES;

use crate::args::{Common, Loops};
use crate::output::failure::{Failure, print};
use crate::output::progress::Progress;
use crate::output::rows::wrap;
use crate::pack;

/// Measures and prints; fails when too many draws are unstable.
pub fn run(args: &Loops, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(args.folder.as_deref(), common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    if let Some(view) = args.view.as_ref().filter(|v| !region.views.contains_key(*v)) {
        return Err(Failure::of(
            Diagnostic::error(codes::E001, format!("the pack has no view `{view}`"))
                .expected("a view of the pack (`oxus explain views` lists them)")
                .help_maybe(oxus_diag::did_you_mean(view, region.views.keys().map(String::as_str))),
        ));
    }
    let settings = Settings {
        seed: args.seed.unwrap_or(region.identity.defaults.seed),
        draws: args.members.div_ceil(LANES as u32),
        longest: args.longest as usize,
        most: args.top as usize,
        view: args.view.clone(),
    };
    let progress = Progress::new(settings.draws * LANES as u32);
    let report = loops::loops(&region, &settings, &progress);
    progress.end();
    let report = report.map_err(|problems| Failure::Problems(problems, sources))?;
    if common.json {
        let text = serde_json::to_string_pretty(&report).map_err(|e| Failure::of(Diagnostic::error(codes::X001, e.to_string())))?;
        println!("{text}");
    } else if args.dot {
        print!("{}", loops::dot(&report));
    } else {
        print!("{}", text(&report));
    }
    if report.draws < settings.draws as usize && report.lost == 0 {
        eprintln!("stopped after {} of {} draws; what is shown is whole for those.", report.draws, settings.draws);
    }
    loops::unstable(&report).map_or(Ok(()), |problem| Err(Failure::of(problem)))
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    let futures = report.draws * report.replicates;
    for line in wrap(
        &format!(
            "{futures} futures of {} draws x {}, seed {}; {} links between {} nodes; responses over {} months",
            report.draws,
            report.replicates,
            report.seed,
            report.links,
            report.nodes.len(),
            report.window
        ),
        78,
    ) {
        out += &format!("{line}\n");
    }
    out += &stability(report);
    out += &format!("\n{:<5}{:<13}{:>9}{:>22}{:>10}{:>8}{:>12}\n", "", "", "gain", "10 to 90 % of draws", "in draws", "sign", "round");
    for (i, found) in report.loops.iter().enumerate() {
        out += &row(i + 1, found);
    }
    if report.loops.is_empty() {
        out += "no loop: no link reaches back to where it came from\n";
    }
    out + LEGEND
}

const LEGEND: &str = "
gain: what one deviation has become after one round, long run over long run;
mean of the draws in which every link of the loop exists (in draws), and the
share of those with its sign. ~ inside mechanisms, > a link; round and delays
are means in months.
";

fn stability(report: &Report) -> String {
    let s = &report.stability;
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let (middle, high, largest) = (s.median, s.high, s.largest);
    let mut out = format!("\nSpectral radius of the loop gain: median {middle:.2}, 90 % {high:.2}, largest {largest:.2}\n");
    out += &format!(
        "Unstable draws (above 1): {}; beyond noise {}; not turning {}\n",
        percent(s.unstable),
        percent(s.unstable_beyond_noise),
        percent(s.turning)
    );
    if report.lost > 0 {
        out += &format!("{} futures failed under a pulse and left their draw.\n", report.lost);
    }
    out
}

fn row(number: usize, found: &Loop) -> String {
    let kind = if found.reinforcing { "reinforcing" } else { "balancing" };
    let spread = format!("{} to {}", gain(found.spread.0), gain(found.spread.1));
    let mut out = format!(
        "{number:>3}  {kind:<13}{:>9}{spread:>22}{:>10}{:>8}{:>12}\n",
        gain(found.gain),
        format!("{:.0} %", 100.0 * found.exists),
        format!("{:.0} %", 100.0 * found.sign_agreement),
        format!("{:.0} months", found.delay),
    );
    for step in &found.steps {
        out += &format!("     {}\n", step.from);
        let inside = step.inside.join(", ");
        out += &arrow('~', step.inside_gain, step.inside_delay, &format!("{} (in {inside})", step.source));
        let claims = if step.claims.is_empty() { String::new() } else { format!(" ({})", step.claims.join(" ")) };
        out += &arrow('>', step.link_gain, step.link_delay, &format!("{} by {}{claims}", step.to, step.link));
    }
    out
}

fn arrow(mark: char, size: f64, delay: f64, text: &str) -> String {
    let mut out = String::new();
    for (i, line) in wrap(text, 54).iter().enumerate() {
        out += &if i == 0 { format!("     {mark}{:>9}{delay:>5.0} mo  {line}\n", gain(size)) } else { format!("{:<24}{line}\n", "") };
    }
    out
}

/// A gain with its sign and two digits that matter.
fn gain(x: f64) -> String {
    let size = x.abs();
    if size == 0.0 {
        "0".into()
    } else if size >= 10.0 {
        format!("{x:+.0}")
    } else if size >= 0.095 {
        format!("{x:+.2}")
    } else if size >= 0.000_95 {
        format!("{x:+.4}")
    } else {
        format!("{x:+.0e}")
    }
}
