//! The command line of Oxus: thin shell over the engine. Data goes to standard output, everything else to standard error.
#![allow(clippy::print_stderr)]

/// Prints to standard output; a reader that has gone away (`oxus … | head`) ends the program instead of a panic.
macro_rules! print {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        if write!(std::io::stdout(), $($text)*).is_err() {
            std::process::exit(0);
        }
    }};
}

/// The same with a line end.
macro_rules! println {
    () => { print!("\n") };
    ($($text:tt)*) => {{
        print!($($text)*);
        print!("\n");
    }};
}

mod args;
mod commands;
mod output;
mod pack;

use std::process::ExitCode;

use clap::Parser;

use output::failure::guarded;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let result = guarded(|| match &args.command {
        args::Command::Check(a) => commands::check::run(a, &args.common),
        args::Command::Run(a) => commands::run::run(a, &args.common),
        args::Command::Ask(a) => commands::ask::run(a, &args.common),
        args::Command::Why(a) => commands::why::run(a, &args.common),
        args::Command::Compare(a) => commands::compare::run(a, &args.common),
        args::Command::Tripwires(a) => commands::tripwires::run(a, &args.common),
        args::Command::Coverage(a) => commands::coverage::run(a, &args.common),
        args::Command::Explain(a) => commands::explain::run(a, &args.common),
        args::Command::Audit(a) => commands::audit::run(a, &args.common),
        args::Command::Loops(a) => commands::loops::run(a, &args.common),
        args::Command::Sense(a) => commands::sense::run(a, &args.common),
        args::Command::Discover(a) => commands::discover::run(a, &args.common),
        args::Command::Score(a) => commands::score::run(a, &args.common),
        args::Command::Fit(a) => commands::fit::run(a, &args.common),
        args::Command::Method(a) => commands::method::run(a, &args.common),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(&args.common);
            ExitCode::FAILURE
        }
    }
}
