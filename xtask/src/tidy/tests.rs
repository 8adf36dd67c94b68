//! Each check on small trees: silent on a good one, one finding for each fault.

use super::{Check, Problem, codes, layers, manifests, marks, paths, sizes};
use crate::tree::Tree;

/// What a check says of a tree, as printed.
fn said(check: Check, files: &[(&str, &str)]) -> Vec<String> {
    check(&Tree::of(files)).iter().map(Problem::to_string).collect()
}

/// Asserts one finding per expected piece of text, in order.
#[track_caller]
fn assert_says(check: Check, files: &[(&str, &str)], expected: &[&str]) {
    let said = said(check, files);
    let matches = said.len() == expected.len() && said.iter().zip(expected).all(|(said, piece)| said.contains(piece));
    assert!(matches, "said {said:#?}\nexpected {expected:#?}");
}

const POLICY: &str = "
[crate.math]
layer = 0
uses = []
[crate.kernel]
layer = 1
uses = [\"math\"]
[planned]
";
const MATH: (&str, &str) = ("crates/math/Cargo.toml", "[package]\nname = \"oxus-math\"\n");
const KERNEL: &str = "[package]\nname = \"oxus-kernel\"\n[dependencies]\noxus-math.workspace = true\n";

#[test]
fn layers_agree_with_manifests() {
    assert_says(layers::check, &[("xtask/layers.toml", POLICY), MATH, ("crates/kernel/Cargo.toml", KERNEL)], &[]);
}

#[test]
fn layers_refuse_an_edge_that_is_not_allowed() {
    let upward = "[package]\nname = \"oxus-math\"\n[dependencies]\noxus-kernel = { path = \"../kernel\" }\n";
    let files = [("xtask/layers.toml", POLICY), ("crates/math/Cargo.toml", upward), ("crates/kernel/Cargo.toml", KERNEL)];
    assert_says(layers::check, &files, &["crates/math/Cargo.toml: `math` may not use `kernel`"]);
}

#[test]
fn layers_refuse_tests_that_reach_upward() {
    let upward = "[package]\nname = \"oxus-math\"\n[dev-dependencies]\noxus-kernel.workspace = true\n";
    let files = [("xtask/layers.toml", POLICY), ("crates/math/Cargo.toml", upward), ("crates/kernel/Cargo.toml", KERNEL)];
    assert_says(layers::check, &files, &["the tests of `math` use `kernel`, which is not below it"]);
}

#[test]
fn layers_refuse_a_stale_edge_unless_planned() {
    let unused = "[package]\nname = \"oxus-kernel\"\n";
    let files = [("xtask/layers.toml", POLICY), MATH, ("crates/kernel/Cargo.toml", unused)];
    assert_says(layers::check, &files, &["[crate.kernel] uses `math` is stale"]);
    let planned = format!("{POLICY}\"kernel -> math\" = \"comes with the next step\"\n");
    let files = [("xtask/layers.toml", planned.as_str()), MATH, ("crates/kernel/Cargo.toml", unused)];
    assert_says(layers::check, &files, &[]);
    let files = [("xtask/layers.toml", planned.as_str()), MATH, ("crates/kernel/Cargo.toml", KERNEL)];
    assert_says(layers::check, &files, &["warning: xtask/layers.toml: [planned] \"kernel -> math\" exists now"]);
}

#[test]
fn layers_want_an_entry_for_every_crate_and_a_crate_for_every_entry() {
    let files = [("xtask/layers.toml", POLICY), MATH, ("crates/brief/Cargo.toml", "[package]\nname = \"oxus-letter\"\n")];
    let expected = ["to be named `oxus-brief`", "crate `brief` has no entry", "[crate.kernel] is stale: there is no such crate"];
    assert_says(layers::check, &files, &expected);
}

#[test]
fn layers_refuse_a_policy_that_points_up_or_cannot_be_read() {
    let upward = POLICY.replacen("uses = []", "uses = [\"kernel\"]", 1);
    let files = [("xtask/layers.toml", upward.as_str()), MATH, ("crates/kernel/Cargo.toml", KERNEL)];
    assert_says(layers::check, &files, &["of layer 0 uses `kernel` of layer 1", "[crate.math] uses `kernel` is stale"]);
    assert_says(layers::check, &[("xtask/layers.toml", "[crate.a]\n")], &["no whole number `layer`"]);
    assert_says(layers::check, &[("README.md", "")], &["xtask/layers.toml: this file is missing"]);
}

#[test]
fn sizes_are_bounded_and_the_median_too() {
    let of = |lines: usize| "x\n".repeat(lines);
    let (short, long, longer) = (of(10), of(601), of(1001));
    let files = [("a.rs", short.as_str()), ("b.rs", &short), ("c.rs", &short), ("d.rs", &long), ("e.rs", &longer)];
    assert_says(sizes::check, &files, &["warning: d.rs: 601 lines", "error: e.rs: 1001 lines"]);
    let files = [("a.rs", long.as_str()), ("b.md", &longer)];
    assert_says(sizes::check, &files, &["warning: a.rs: 601", "the median Rust file has 601 lines"]);
}

const CATALOGUE: &str = "macro_rules! catalogue { () => {} }\n\ncatalogue! {\n    U001,\n    X001,\n}\n";
const SETTINGS: &str = "[no-fixture]\nX001 = \"cannot be provoked\"\n[unmentioned]\n";
const USE: (&str, &str) = ("crates/pack/src/lib.rs", "codes::U001; codes::X001;");

#[test]
fn codes_have_pages_and_fixtures() {
    let files = [
        ("crates/diag/src/codes.rs", CATALOGUE),
        ("crates/diag/src/codes/U001.md", ""),
        ("crates/diag/src/codes/X001.md", ""),
        ("tests/diag/U001/pack.toml", ""),
        ("tests/diag/minimal/pack.toml", ""),
        ("xtask/tidy.toml", SETTINGS),
        USE,
    ];
    assert_says(codes::check, &files, &[]);
}

#[test]
fn codes_without_page_fixture_or_use_are_found() {
    let files = [
        ("crates/diag/src/codes.rs", CATALOGUE),
        ("crates/diag/src/codes/U001.md", ""),
        ("crates/diag/src/codes/U009.md", ""),
        ("tests/diag/X001/pack.toml", ""),
        ("tests/diag/Z001/pack.toml", ""),
        ("xtask/tidy.toml", "[no-fixture]\nX001 = \"cannot be provoked\"\nM001 = \"\"\n"),
        ("crates/pack/src/lib.rs", "codes::U001"),
    ];
    let expected = [
        "X001 has no page",
        "U009.md has no code",
        "[no-fixture] M001: give the reason",
        "U001 has no fixture tests/diag/U001/",
        "tests/diag/Z001: there is no such diagnostic code",
        "M001 is no diagnostic code",
        "X001 has a fixture now",
        "warning: crates/diag/src/codes.rs: X001 is raised nowhere",
    ];
    assert_says(codes::check, &files, &expected);
}

#[test]
fn paths_in_documents_exist() {
    let text = "\
`crates/math/src/lib.rs:12` and `crates/math/` are here, `crates/gone.rs` is not, nor `ABSENT.md`.
Not paths: `a/b`, `crates/<name>/x`, `docs/*.md`, `km/yr`.
[there](../README.md#top) and [not](gone.md) and [web](https://example.org/x)
```
`docs/in-a-block.md`
```
";
    let files = [("README.md", ""), ("crates/math/src/lib.rs", ""), ("docs/guide.md", text)];
    let expected = [
        "docs/guide.md:1: `crates/gone.rs` does not exist",
        "docs/guide.md:1: `ABSENT.md` does not exist",
        "docs/guide.md:3: the link to gone.md leads nowhere",
    ];
    assert_says(paths::check, &files, &expected);
    assert_says(paths::check, &[("packs/x/README.md", "`docs/gone.md`")], &[]);
}

#[test]
fn paths_of_one_machine_are_found() {
    let text = concat!(
        "cd /wo",
        "rk/x\n",
        "see ../sha",
        "red/design\n",
        "https://example.org/ho",
        "me/page and crates/ro",
        "ot/x and a/tm",
        "p/b\n",
        "(/ho",
        "me/me) # tidy: allow-path the example of the manual\n",
        "'/tm",
        "p/x' # ",
        "tidy: ",
        "allow-path\n",
        "the unsha",
        "red/x path, and C:",
        "\\x\n",
        "in sha",
        "red/reference\n",
    );
    let expected = [
        concat!("a.toml:1: `/wo", "rk/`"),
        concat!("a.toml:2: `sha", "red/`"),
        "a.toml:5: `tidy: allow",
        concat!("a.toml:6: `C:", "\\`"),
        concat!("a.toml:7: `sha", "red/`"),
    ];
    assert_says(paths::check, &[("a.toml", text)], &expected);
}

#[test]
fn marks_need_reasons() {
    let text = concat!(
        "// TO",
        "DO(waits for the 2024 release) and FIX",
        "ME #12: fine\n",
        "// TO",
        "DO later\n",
        "// FIX",
        "ME()\n",
        "    to",
        "do!()\n",
        "#[ig",
        "nore = \"needs the network\"]\n",
        "#[ig",
        "nore]\n",
        "TO",
        "DOS, MASTO",
        "DON, un",
        "implemented, my_to",
        "do!()\n",
    );
    let expected = ["a.rs:2: TO", "a.rs:3: FIX", "a.rs:4: `to", "a.rs:6: `#[ig"];
    assert_says(marks::check, &[("a.rs", text), ("a.csv", text)], &expected);
}

#[test]
fn dependencies_have_reasons_and_uses() {
    let root = "\
[workspace.dependencies]
# Ours.
oxus-math = { path = \"crates/math\" }

serde = \"1\" # results as JSON
toml = \"1\"
clap = { version = \"4\", features = [
    \"std\",
] } # command line
";
    let settings = ("xtask/tidy.toml", "[unmentioned]\nlink-only = \"linked for its side effect\"\n");
    let member = "\
[package]
name = \"oxus-pack\"

[dependencies]
serde.workspace = true
csv-core = \"1\"
link-only.workspace = true
# Reads the clock of the machine.
clock = \"2\"

[dev-dependencies.proptest]
version = \"1\"
";
    let files =
        [("Cargo.toml", root), ("crates/pack/Cargo.toml", member), ("crates/pack/src/lib.rs", "use csv_core; use clock; use proptest;"), settings];
    let expected = [
        "Cargo.toml:6: `toml` has no reason",
        "Cargo.toml:7: `clap` has no reason",
        "crates/pack/Cargo.toml:6: `csv-core` has no reason",
        "crates/pack/Cargo.toml:11: `proptest` has no reason",
        "crates/pack/Cargo.toml:5: `serde` is mentioned in no source file",
    ];
    assert_says(manifests::check, &files, &expected);
}
