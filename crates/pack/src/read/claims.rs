use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, codes};

use crate::region::{Claim, Role, SizeWord, Test};
use crate::walk::{Context, Kind, Table, Value};

/// Most further sources that make sense; the table stops counting at three.
const MAX_SOURCES: u64 = 100;

pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Claim> {
    let mut claims = BTreeMap::new();
    for (path, _) in cx.folder("claims", "toml") {
        super::keyed(cx, path, Kind::Claim, &mut claims, claim);
    }
    claims
}

fn claim(id: &str, value: &Value<'_>) -> Option<Claim> {
    let table = value.table(format!("claim `{id}`"))?;
    let words = |key: &str| table.need(key).and_then(|v| v.words());
    let (says, claimant) = (words("says"), words("claimant"));
    let (voice, hedge) = (table.need("voice").and_then(|v| v.word()), table.need("hedge").and_then(|v| v.word()));
    let evidence = table.need("evidence").and_then(|v| v.word());
    let role: Option<Role> = table.need("role").and_then(|v| v.word());
    let why = table.get("why").and_then(|v| v.words());
    if role == Some(Role::Background) && why.is_none() {
        value.cx.push(
            Diagnostic::error(codes::P032, format!("claim `{id}` is background without a reason"))
                .at(table.span, "")
                .help("say why it has no computable content: `why = \"…\"`")
                .help("or give it a part in the model: another `role`"),
        );
    }
    let extra_sources = table.get("extra_sources").and_then(|v| v.whole(0, MAX_SOURCES)).unwrap_or(0);
    let claim = Claim {
        id: id.to_owned(),
        size: table.get("size").and_then(|v| v.word()).unwrap_or(SizeWord::Ordinary),
        extra_sources: u32::try_from(extra_sources).unwrap_or(0),
        at: table.need("at").and_then(|v| v.texts()).unwrap_or_default(),
        test: table.get("test").and_then(|v| test(&v.table(format!("the test of claim `{id}`"))?)),
        quantity: table.get("quantity").and_then(|v| super::quantity::read(&v.table(format!("the quantity of claim `{id}`"))?)),
        enters: super::entry::listed(&table),
        contradicts: table.get("contradicts").and_then(|v| v.names()).unwrap_or_default(),
        why,
        span: table.span,
        says: says.unwrap_or_default(),
        claimant: claimant.unwrap_or_default(),
        voice: voice?,
        hedge: hedge?,
        evidence: evidence?,
        role: role?,
    };
    table.finish();
    Some(claim)
}

fn test(table: &Table<'_>) -> Option<Test> {
    let name = |key: &str| table.need(key).and_then(|v| v.name());
    let (raise, watch) = (name("raise"), name("watch"));
    let sign = table.need("sign").and_then(|v| v.word());
    let after = table.get("after").and_then(|v| v.count(1)).unwrap_or(12);
    let entities = table.get("entities").and_then(|v| v.name());
    table.finish();
    Some(Test { raise: raise?, watch: watch?, entities, sign: sign?, after, span: table.span })
}
