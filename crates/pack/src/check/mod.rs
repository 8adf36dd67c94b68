//! What must hold between the parts of a pack.
//!
//! Readers check each item by itself; here the items meet. Checks look ids up among all *declared* ids, so that an item that
//! could not be read in full is not missed a second time.

mod audit;
mod bounds;
mod cases;
mod claims;
mod dates;
mod entries;
mod evidence;
mod fits;
mod formulas;
mod names;
mod networks;
mod places;
mod routes;
mod trade;

use oxus_diag::{Diagnostic, Diagnostics, Span, codes, did_you_mean};

use crate::read::{ENTITIES, Notes, is_entity};
use crate::region::{Name, Region};
use crate::walk::{Ids, Kind};

/// What every check is given.
pub(crate) struct Check<'c> {
    pub region: &'c Region,
    pub ids: &'c Ids,
    pub problems: &'c mut Diagnostics,
}

/// All checks of a region.
pub(crate) fn all(region: &Region, ids: &Ids, notes: &Notes, problems: &mut Diagnostics) {
    let check = &mut Check { region, ids, problems };
    names::check(check);
    places::check(check);
    routes::check(check);
    trade::check(check);
    networks::check(check);
    if notes.whole {
        dates::check(check);
        check.exists(Kind::Work, &region.identity.source);
    }
    bounds::check(check);
    evidence::check(check);
    formulas::check(check);
    fits::check(check);
    audit::check(check);
    claims::check(check);
    entries::check(check);
    cases::check(check);
    if let Some(lock) = notes.lock.as_ref().filter(|lock| lock.id != region.content_hash) {
        check.push(
            Diagnostic::warning(codes::P040, "the pack has changed since it was locked")
                .at(lock.span, "the hash then")
                .found(format!("{} now", region.content_hash))
                .help("write the lock anew when the change is meant"),
        );
    }
}

impl Check<'_> {
    fn push(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Reports a name that no item of `kind` has.
    fn exists(&mut self, kind: Kind, name: &Name) {
        if !self.ids.has(kind, &name.id) {
            self.unknown(&[kind], &name.id, name.span);
        }
    }

    /// Reports a name that no item of any of `kinds` has.
    fn exists_among(&mut self, kinds: &[Kind], name: &Name) {
        if !kinds.iter().any(|&kind| self.ids.has(kind, &name.id)) {
            self.unknown(kinds, &name.id, name.span);
        }
    }

    /// Reports a name that is no entity of the model's axes.
    fn is_entity(&mut self, name: &Name) {
        if !is_entity(self.ids, &name.id) {
            self.unknown(ENTITIES, &name.id, name.span);
        }
    }

    /// Reports an owner's home that is neither a state of the pack nor looks like a country's code: owners may live anywhere.
    fn is_home(&mut self, name: &Name) {
        let code = name.id.len() == 3 && name.id.bytes().all(|byte| byte.is_ascii_uppercase());
        if !code {
            self.exists(Kind::State, name);
        }
    }

    fn unknown(&mut self, kinds: &[Kind], id: &str, span: Span) {
        let near = did_you_mean(id, kinds.iter().flat_map(|&kind| self.ids.of(kind)));
        let problem = match kinds {
            [kind] => Diagnostic::error(codes::P014, format!("there is no {} `{id}`", bare(*kind))).at(span, "").expected(format!(
                "{} of `{}`",
                kind.one(),
                kind.home()
            )),
            _ => {
                let listed: Vec<&str> = kinds.iter().map(|kind| bare(*kind)).collect();
                Diagnostic::error(codes::P014, format!("there is nothing with the id `{id}`"))
                    .at(span, "")
                    .expected(format!("the id of one of: {}", listed.join(", ")))
            }
        };
        self.push(problem.help_maybe(near));
    }
}

/// The kind without its article.
fn bare(kind: Kind) -> &'static str {
    kind.one().trim_start_matches("an ").trim_start_matches("a ")
}

impl Check<'_> {
    fn unknown_member(&mut self, id: &str, organisation: &str, span: Span) {
        let members = self.region.organisations.get(organisation).map(|found| &found.members);
        let near = did_you_mean(id, members.into_iter().flatten().map(|member| member.id.id.as_str()));
        self.push(Diagnostic::error(codes::P014, format!("`{id}` is no voting member of `{organisation}`")).at(span, "").help_maybe(near));
    }

    fn no_path(&mut self, name: &Name) {
        self.push(
            Diagnostic::error(codes::P036, format!("the parameter `{name}` is set to a path"))
                .at(name.span, "")
                .expected("a number or a distribution: a parameter holds for the whole run")
                .help("set the variable that the parameter feeds, which may follow a path"),
        );
    }
}
