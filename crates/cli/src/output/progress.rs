//! A thin progress line on a terminal, nothing when piped; Ctrl-C ends the run after the chunk in hand.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use oxus_engine::Watch;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Watches a run.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar over `members` futures, if standard error is a terminal.
    pub fn new(members: u32) -> Self {
        Self::counting(members, "futures")
    }

    /// A bar over so many things, if standard error is a terminal.
    pub fn counting(things: u32, what: &str) -> Self {
        // a second handler cannot be set and need not be
        let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst));
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(u64::from(things)) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:40}} {{human_pos}}/{{human_len}} {what}, {{eta}} left")) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Self { bar }
    }

    /// Removes the bar.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn progress(&self, done: u32, _: u32) -> bool {
        self.bar.set_position(u64::from(done));
        !INTERRUPTED.load(Ordering::SeqCst)
    }
}
