//! What of the source is in the model, item by item: claims, figures, futures, outcomes and questions with the part each plays.
//!
//! Everything is read off the pack: the role that an item states, what takes it up (links, numbers, scenarios, outcomes), what that moves,
//! and the item's own test. What the source holds in all is the pack's `[inventory]`.

use std::collections::BTreeMap;

use oxus_pack::region::{Action, Cite, Claim, EntryKind, Intervention, Inventory, Link, Numbered, Region, Role, Sign, Target, Test};
use serde::Serialize;

/// A sort of thing that the source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// A causal claim.
    Claim,
    /// A figure.
    Quantity,
    /// A future, shock or lever.
    Future,
    /// Something the source cares about.
    Outcome,
    /// A headline question.
    Question,
}

impl Sort {
    /// All sorts, in the order of tables.
    pub const ALL: [Self; 5] = [Self::Claim, Self::Quantity, Self::Future, Self::Outcome, Self::Question];

    /// Several of it.
    pub fn many(self) -> &'static str {
        match self {
            Self::Claim => "claims",
            Self::Quantity => "quantities",
            Self::Future => "scenarios and levers",
            Self::Outcome => "outcomes",
            Self::Question => "questions",
        }
    }

    fn ids(self, inventory: &Inventory) -> &Numbered {
        match self {
            Self::Claim => &inventory.claims,
            Self::Quantity => &inventory.quantities,
            Self::Future => &inventory.futures,
            Self::Outcome => &inventory.outcomes,
            Self::Question => &inventory.questions,
        }
    }
}

/// One item of the source and the part it plays.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Its id in the inventory.
    pub id: String,
    /// What it is.
    pub sort: Sort,
    /// What it says, in the pack's words; empty where the pack does not have it.
    pub says: String,
    /// Who says it.
    pub claimant: Option<String>,
    /// Section of the source it stands under: that of its first place.
    pub section: Option<String>,
    /// Its places in the source.
    pub at: Vec<String>,
    /// Its role; `None`: the pack gives it none.
    pub role: Option<String>,
    /// What carries it: ids of links, parameters, scenarios, outcomes or cases.
    pub carried_by: Vec<String>,
    /// What those move, or what its test watches.
    pub moves: Vec<String>,
    /// Its test, in one line.
    pub test: Option<String>,
    /// Why it is background, or another remark on its role.
    pub why: Option<String>,
}

/// How many of a sort there are, and how many have a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Sort.
    pub sort: Sort,
    /// Number in the source.
    pub of: usize,
    /// Number with a role.
    pub with_role: usize,
    /// Of those, the ones with a computable part (any role but background).
    pub computable: usize,
    /// The ones that have a test.
    pub tested: usize,
    /// By role.
    pub roles: BTreeMap<String, usize>,
}

/// The coverage of a pack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// Items in the order of the source's sections, then of sorts and ids.
    pub items: Vec<Item>,
    /// Counts of each sort.
    pub counts: Vec<Count>,
    /// Places that are in no section of the inventory: (item, place).
    pub unknown_places: Vec<(String, String)>,
}

impl Coverage {
    /// Coverage of a region against its inventory; `None` where the pack states none.
    pub fn of(region: &Region) -> Option<Self> {
        let inventory = region.identity.inventory.as_ref()?;
        let uses = Uses::of(region);
        let mut items: Vec<Item> = Vec::new();
        for sort in Sort::ALL {
            items.extend(sort.ids(inventory).ids().map(|id| item(region, inventory, &uses, sort, &id)));
        }
        let counts = Sort::ALL.map(|sort| count(sort, &items)).to_vec();
        let place = |item: &Item| item.section.as_ref().and_then(|s| inventory.section_of(s)).unwrap_or(usize::MAX);
        items.sort_by_key(|item| (place(item), item.sort));
        let places = items.iter().flat_map(|item| item.at.iter().map(|at| (item.id.clone(), at.clone())));
        let unknown_places = places.filter(|(_, at)| inventory.section_of(at).is_none()).collect();
        Some(Self { items, counts, unknown_places })
    }

    /// Items that the pack gives no role.
    pub fn without_role(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.role.is_none())
    }
}

fn count(sort: Sort, items: &[Item]) -> Count {
    let of_sort: Vec<&Item> = items.iter().filter(|item| item.sort == sort).collect();
    let mut roles = BTreeMap::new();
    for role in of_sort.iter().filter_map(|item| item.role.as_ref()) {
        *roles.entry(role.clone()).or_insert(0) += 1;
    }
    let background = roles.get(Role::Background.word()).copied().unwrap_or(0);
    let with_role = roles.values().sum();
    let tested = of_sort.iter().filter(|item| item.test.is_some()).count();
    Count { sort, of: of_sort.len(), with_role, computable: with_role - background, tested, roles }
}

fn item(region: &Region, inventory: &Inventory, uses: &Uses<'_>, sort: Sort, id: &str) -> Item {
    let bare = Item {
        id: id.to_owned(),
        sort,
        says: String::new(),
        claimant: None,
        section: None,
        at: Vec::new(),
        role: None,
        carried_by: Vec::new(),
        moves: Vec::new(),
        test: None,
        why: None,
    };
    let mut item = match region.claims.get(id) {
        Some(claim) => of_claim(claim, uses, bare),
        None => match sort {
            Sort::Future => of_scenario(region, bare),
            Sort::Outcome => of_outcome(region, bare),
            Sort::Question => of_question(region, bare),
            Sort::Claim | Sort::Quantity => bare,
        },
    };
    let first = item.at.first().and_then(|at| inventory.section_of(at));
    item.section = first.map(|s| inventory.sections[s].id.clone());
    item
}

fn of_claim(claim: &Claim, uses: &Uses<'_>, mut item: Item) -> Item {
    item.says.clone_from(&claim.says);
    item.claimant = Some(claim.claimant.clone());
    item.at.clone_from(&claim.at);
    item.role = Some(claim.role.word().to_owned());
    item.why.clone_from(&claim.why);
    item.test = claim.test.as_ref().map(in_words);
    item.moves.extend(claim.enters.iter().filter(|entry| entry.kind == EntryKind::Variable).map(|entry| entry.id.id.clone()));
    for (link, sign) in uses.links.get(claim.id.as_str()).into_iter().flatten() {
        item.carried_by.push(format!("link {}", link.id));
        item.moves.push(format!("{} {sign} {}", link.from, link.to));
    }
    for name in uses.numbers.get(claim.id.as_str()).into_iter().flatten() {
        item.carried_by.push(name.clone());
    }
    item.carried_by.extend(claim.enters.iter().map(|entry| entry.to_string().replacen(':', " ", 1)));
    for (scenario, moves) in uses.scenarios.get(claim.id.as_str()).into_iter().flatten() {
        item.carried_by.push(format!("scenario {scenario}"));
        if matches!(claim.role, Role::Scenario | Role::Lever) {
            item.moves.extend(moves.iter().cloned());
        }
    }
    if let (Role::Mechanism | Role::Observation, Some(test)) = (claim.role, &claim.test) {
        item.moves.push(test.watch.id.clone());
    }
    for list in [&mut item.carried_by, &mut item.moves] {
        let mut seen = std::collections::BTreeSet::new();
        list.retain(|x| seen.insert(x.clone()));
    }
    item
}

/// A scenario that is no claim of the source but has an id of its run.
fn of_scenario(region: &Region, mut item: Item) -> Item {
    if let Some(scenario) = region.scenarios.get(&item.id) {
        item.says.clone_from(&scenario.title);
        item.role = Some(if scenario.lever.is_some() { Role::Lever } else { Role::Scenario }.word().to_owned());
        item.carried_by.push(format!("scenario {}", scenario.id));
        item.moves = scenario.interventions.iter().map(moved).collect();
        item.why = Some("an addition to the source".to_owned());
    }
    item
}

fn of_outcome(region: &Region, mut item: Item) -> Item {
    let mut outcomes: Vec<_> = region.outcomes.values().filter(|o| o.source_outcome.as_ref() == Some(&item.id)).collect();
    outcomes.sort_by_key(|o| o.span.range().start);
    if !outcomes.is_empty() {
        item.role = Some("outcome".to_owned());
        item.says = outcomes.iter().map(|o| o.title.as_str()).collect::<Vec<_>>().join("; ");
        item.carried_by = outcomes.iter().map(|o| format!("outcome {}", o.id)).collect();
        item.moves = outcomes.iter().map(|o| o.of.id.clone()).collect();
        item.moves.dedup();
    }
    item
}

fn of_question(region: &Region, mut item: Item) -> Item {
    if let Some(question) = region.questions.get(&item.id) {
        item.role = Some("question".to_owned());
        item.says.clone_from(&question.asks);
        item.carried_by = question.cases.iter().map(|c| format!("case {c}")).collect();
        item.moves = question.outcomes.iter().map(|o| o.id.clone()).collect();
    }
    item
}

/// What is raised, what is seen, when.
fn in_words(test: &Test) -> String {
    let on = test.entities.as_ref().map_or_else(String::new, |e| format!(" [{e}]"));
    format!("raise {}{on}: {} {}, after {} months", test.raise, test.watch, test.sign, test.after)
}

fn moved(intervention: &Intervention) -> String {
    match &intervention.target {
        Target::Variable(n) | Target::Parameter(n) => n.id.clone(),
        Target::Link(n) => format!("link {n}"),
        Target::Event(n) => format!("events {n}"),
        Target::Mechanism(n) => format!("mechanism {n}"),
    }
}

/// Who takes up which claim.
struct Uses<'r> {
    links: BTreeMap<&'r str, Vec<(&'r Link, &'static str)>>,
    numbers: BTreeMap<&'r str, Vec<String>>,
    scenarios: BTreeMap<&'r str, Vec<(&'r str, Vec<String>)>>,
}

impl<'r> Uses<'r> {
    fn of(region: &'r Region) -> Self {
        let mut uses = Self { links: BTreeMap::new(), numbers: BTreeMap::new(), scenarios: BTreeMap::new() };
        for link in region.links.values() {
            let own = link.claims.iter().map(|claim| (claim, link.sign));
            let sides = link.contested.values().flat_map(|side| side.claims.iter().map(|claim| (claim, Some(side.sign))));
            for (claim, sign) in own.chain(sides) {
                let arrow = match sign {
                    Some(Sign::Minus) => "-(-)->",
                    _ => "-(+)->",
                };
                uses.links.entry(claim.id.as_str()).or_default().push((link, arrow));
            }
        }
        region.each_number(&mut |name, number| {
            for cite in &number.evidence.cites {
                if let Cite::Claim(claim) = cite {
                    uses.numbers.entry(claim.id.as_str()).or_default().push(name.replace('`', ""));
                }
            }
        });
        for scenario in region.scenarios.values() {
            let moves: Vec<String> = scenario.interventions.iter().map(moved).collect();
            let cited = scenario.interventions.iter().flat_map(|i| match &i.action {
                Action::Draw(_) => [].iter(),
                _ => i.evidence.cites.iter(),
            });
            let cited = cited.filter_map(|cite| if let Cite::Claim(claim) = cite { Some(claim) } else { None });
            for claim in scenario.claims.iter().chain(cited) {
                uses.scenarios.entry(claim.id.as_str()).or_default().push((scenario.id.as_str(), moves.clone()));
            }
        }
        uses
    }
}
