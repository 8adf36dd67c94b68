//! What communities declare: variables, modifiers, parameters, event kinds.

use super::columns::Columns;
use oxus_kernel::{Emit, Hear, Kind, Map, NoiseIn, Own, Param, Ports, Read, Scale, Scratch, Sum, Variable, World};

const fn index(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "site", "index", Kind::Index, about).within(0.0, 1.0)
}

const fn target(name: &'static str, about: &'static str) -> Variable {
    Variable::modifier(name, "site", Scale::Additive, about)
}

/// The circumstances of a site, in the order of all arrays; acceptance is apart.
pub(super) const INDICES: [Variable; 7] = [
    index("communities.local_benefit", "what people nearby gain from the site, 0 nothing to 1"),
    index("communities.environment_harm", "harm to land, water and health that people see, 0 none to 1"),
    index("communities.opacity", "how far licences and payments are hidden or bought, 0 open to 1"),
    index("communities.outreach", "how much the firm talks and listens to people nearby, 0 not at all to 1"),
    index("communities.tied_labour", "how far work goes to people brought in with the project, 0 none to 1"),
    index("communities.wage_gap", "gap in pay between foreign and local staff, 0 none to 1"),
    index("communities.elite_capture", "how far the gain goes to rulers and their families, 0 none to 1"),
];
const TARGETS: [Variable; 7] = [
    target("communities.local_benefit.target", "shifts what local benefit tends to"),
    target("communities.environment_harm.target", "shifts what environmental harm tends to"),
    target("communities.opacity.target", "shifts what opacity tends to"),
    target("communities.outreach.target", "shifts what outreach tends to"),
    target("communities.tied_labour.target", "shifts what tied labour tends to"),
    target("communities.wage_gap.target", "shifts what the wage gap tends to"),
    target("communities.elite_capture.target", "shifts what elite capture tends to"),
];
pub(super) const BENEFIT: usize = 0;
pub(super) const HARM: usize = 1;
pub(super) const OPACITY: usize = 2;
pub(super) const OUTREACH: usize = 3;
pub(super) const TIED: usize = 4;
pub(super) const WAGE: usize = 5;
pub(super) const CAPTURE: usize = 6;

/// Kinds of incident, in the order of their shares.
pub(super) const INCIDENTS: [&str; 4] = ["communities.complaint", "communities.blockade", "communities.assault", "communities.stoppage"];
pub(super) const BLOCKADE: usize = 1;
pub(super) const ASSAULT: usize = 2;
pub(super) const STOPPAGE: usize = 3;

/// Kinds of site that a licence can be taken from.
pub(super) const LICENSED: [&str; 5] = ["mine", "oilfield", "gasfield", "refinery", "works"];
/// Kinds of site, in the order of the exposure to them.
pub(super) const SITE_KINDS: [&str; 8] = ["mine", "oilfield", "gasfield", "refinery", "works", "base", "post", "hub"];

const ACCEPTANCE: Variable = index("communities.acceptance", "how far people nearby accept the site, 0 not at all to 1");
const ACCEPTANCE_TARGET: Variable = target("communities.acceptance.target", "shifts what acceptance tends to");
const RECENT: Variable =
    Variable::new("communities.recent_incidents", "site", "1", Kind::Index, "incidents that people remember, fading").within(0.0, 1e5);
const RATE: Variable =
    Variable::new("communities.incident_rate", "site", "events/yr", Kind::Rate, "rate of incidents of all kinds at the site").within(0.0, 1e6);
const RATE_SHIFT: Variable = Variable::modifier("communities.incident.log_rate", "site", Scale::Log, "shifts the rate of incidents");
const COUNT: Variable =
    Variable::new("communities.incidents", "site", "events/month", Kind::Flow, "complaints, blockades, assaults and stoppages").within(0.0, 1e5);
const OUTPUT: Variable =
    Variable::new("communities.output", "site", "share", Kind::Share, "part of the month in which the site produces").within(0.0, 1.0);
const LOST: Variable =
    Variable::new("communities.days_lost", "site", "day/month", Kind::Flow, "days on which incidents keep the site closed").within(0.0, 31.0);
const HARMED: Variable = Variable::new("communities.staff_harmed", "site", "persons/month", Kind::Flow, "staff hurt or killed").within(0.0, 1e6);
const LICENCE: Variable =
    Variable::new("communities.licence", "site", "share", Kind::Share, "1 while the licence is held, 0 while it is lost").within(0.0, 1.0);
const LOSS: Variable = Variable::modifier("communities.licence_loss.log_hazard", "site", Scale::Log, "shifts the hazard of losing the licence");
const IMAGE: Variable =
    Variable::new("communities.image", "power_state", "index", Kind::Index, "image of the power in the state, 0 hostile to 1 friendly")
        .within(0.0, 1.0);
const IMAGE_TARGET: Variable = Variable::modifier("communities.image.target", "power_state", Scale::Additive, "shifts what the image tends to");
const LOST_BY_OWNER: Variable = Variable::new(
    "communities.days_lost_by_owner",
    "power_state",
    "day/month",
    Kind::Flow,
    "days lost to incidents for each active site that the power owns in the state",
)
.within(0.0, 31.0);

scalar_ports! {
    ScalarPorts;
    exposure_mine: "1",
    exposure_oilfield: "1",
    exposure_gasfield: "1",
    exposure_refinery: "1",
    exposure_works: "1",
    exposure_base: "1",
    exposure_post: "1",
    exposure_hub: "1",
    usual_acceptance: "index",
    acceptance_by_benefit: "1",
    acceptance_by_harm: "1",
    acceptance_by_opacity: "1",
    acceptance_by_outreach: "1",
    acceptance_by_tied: "1",
    acceptance_by_wage_gap: "1",
    acceptance_by_capture: "1",
    acceptance_by_incidents: "1",
    acceptance_months: "month",
    memory_months: "month",
    tied_by_staff: "1",
    wage_gap_by_staff: "1",
    wage_gap_by_tied: "1",
    capture_by_family: "1",
    incident_by_acceptance: "1",
    incident_by_producing: "1",
    incident_by_price: "1",
    price_hushed: "share",
    complaint_share: "share",
    blockade_share: "share",
    assault_share: "share",
    stoppage_share: "share",
    blockade_days: "day",
    stoppage_days: "day",
    days_sigma: "1",
    harmed_mean: "persons",
    attack_hits: "share",
    licence_loss: "1/yr",
    revocation_share: "share",
    review_irregular: "share",
    review_succession: "share",
    review_ratio: "1",
    review_months: "month",
    suspension_months: "month",
    revocation_months: "month",
    recovery_sigma: "1",
    image_months: "month",
    image_by_benefit: "1",
    image_by_harm: "1",
    image_by_opacity: "1",
    image_by_outreach: "1",
    image_by_capture: "1",
    image_by_incidents: "1",
}

/// Every port of the mechanism, and the frame.
pub struct Communities {
    pub(super) frame: Frame,
    pub(super) indices: [Own; 7],
    pub(super) targets: [Sum; 7],
    pub(super) acceptance: Own,
    pub(super) acceptance_target: Sum,
    pub(super) recent: Own,
    pub(super) rate: Own,
    pub(super) rate_shift: Sum,
    pub(super) count: Own,
    pub(super) output: Own,
    pub(super) lost: Own,
    pub(super) harmed: Own,
    pub(super) licence: Own,
    pub(super) loss: Sum,
    pub(super) image: Own,
    pub(super) image_target: Sum,
    pub(super) lost_by_owner: Own,
    pub(super) incidents: [Emit; 4],
    pub(super) licence_loss: Emit,
    pub(super) irregular_exit: Hear,
    pub(super) succession: Hear,
    pub(super) foreign_attack: Hear,
    pub(super) family_capture: Read,
    pub(super) oil_price: Read,
    pub(super) scalars: ScalarPorts,
    /// Initial values of benefit, harm, opacity, outreach, and of the wage gap and capture of a site without foreign staff or family rule.
    pub(super) at_origin: [Param; 6],
    /// Time constant of the indices, on the axis of sites: it is used element by element.
    pub(super) index_months: Param,
    pub(super) incident_rate: Param,
    pub(super) owner_ratio: Param,
    pub(super) image_at_origin: Param,
    pub(super) ln_rate: Scratch,
    pub(super) licence_noise: NoiseIn,
    pub(super) columns: Columns,
    pub(super) incident_domain: u64,
    pub(super) event_domain: u64,
    pub(super) review_domain: u64,
    pub(super) hit_domain: u64,
    pub(super) licence_domain: u64,
}

impl Communities {
    pub(super) fn declare_ports(ports: &mut Ports<'_>) -> Self {
        let frame = Frame::new(ports.world()).unwrap_or_default();
        let names = ["local_benefit", "environment_harm", "opacity", "outreach", "wage_gap", "elite_capture"];
        Self {
            frame,
            indices: INDICES.map(|v| ports.own(&v)),
            targets: TARGETS.map(|v| ports.sum(&v)),
            acceptance: ports.own(&ACCEPTANCE),
            acceptance_target: ports.sum(&ACCEPTANCE_TARGET),
            recent: ports.own(&RECENT),
            rate: ports.own(&RATE),
            rate_shift: ports.sum(&RATE_SHIFT),
            count: ports.own(&COUNT),
            output: ports.own(&OUTPUT),
            lost: ports.own(&LOST),
            harmed: ports.own(&HARMED),
            licence: ports.own(&LICENCE),
            loss: ports.sum(&LOSS),
            image: ports.own(&IMAGE),
            image_target: ports.sum(&IMAGE_TARGET),
            lost_by_owner: ports.own(&LOST_BY_OWNER),
            incidents: INCIDENTS.map(|k| ports.emit(k, "site")),
            licence_loss: ports.emit("communities.licence_loss", "site"),
            irregular_exit: ports.hear("regimes.irregular_exit"),
            succession: ports.hear("regimes.succession"),
            foreign_attack: ports.hear("unrest.foreign_attack"),
            family_capture: ports.prev("regimes.family_capture", "state", "index"),
            oil_price: ports.prev("drivers.oil_price", "world", "USD/bbl"),
            scalars: ScalarPorts::declare(ports),
            at_origin: names.map(|n| ports.param(&format!("{n}_at_origin"), "site", "index")),
            index_months: ports.param("index_months", "site", "month"),
            incident_rate: ports.param("incident_rate", "state", "events/yr"),
            owner_ratio: ports.param("owner_ratio", "power", "1"),
            image_at_origin: ports.param("image_at_origin", "power_state", "index"),
            ln_rate: ports.scratch("site"),
            licence_noise: ports.uniforms("licence", "site"),
            columns: Columns::declare(ports),
            incident_domain: ports.domain("incidents"),
            event_domain: ports.domain("event"),
            review_domain: ports.domain("review"),
            hit_domain: ports.domain("hit"),
            licence_domain: ports.domain("licence_length"),
        }
    }
}

/// The frame of sites: what does not change within a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub keys: Vec<u64>,
    pub province: Map,
    pub state: Map,
    pub power: Map,
    /// Sites that the power owns in the state, for each pair of them.
    pub owned: Vec<Vec<usize>>,
    /// Position of the kind in [`SITE_KINDS`].
    pub kind: Vec<usize>,
    /// Whether a licence can be taken: a licensed kind in foreign hands.
    pub licensed: Vec<bool>,
    /// Whether the owner's home is another state.
    pub foreign: Vec<bool>,
    pub foreign_staff: Vec<f64>,
    /// `[site][month]`.
    pub valid: Vec<Vec<f64>>,
    pub producing: Vec<Vec<f64>>,
    /// Whether one of the two is not as it was the month before, by month.
    pub changes: Vec<bool>,
    /// Every site is in the one world.
    pub everywhere: Map,
}

impl Frame {
    /// The frame of a world; none where an axis of the ports is missing, of which planning complains.
    pub fn new(world: &World) -> Option<Self> {
        let (site, state, pair) = (world.find("site")?, world.find("state")?, world.find("power_state")?);
        let n = world.axis(site).len();
        let map = |from, into: &str| {
            world.find(into).and_then(|a| world.map(from, a)).unwrap_or_else(|| Map { to: vec![None; world.axis(from).len()], len: 0 })
        };
        let texts = |name: &str| world.texts(site, name).map_or_else(|| vec![String::new(); n], <[String]>::to_vec);
        let profile = |name: &str| world.profile(site, name).map_or_else(|| vec![vec![1.0; world.months()]; n], <[Vec<f64>]>::to_vec);
        let of_state = map(site, "state");
        let (kinds, owners) = (texts("kind"), texts("owner"));
        let kind: Vec<usize> = kinds.iter().map(|k| SITE_KINDS.iter().position(|s| s == k).unwrap_or(0)).collect();
        let names = &world.axis(state).entities;
        let foreign: Vec<bool> = of_state.to.iter().zip(&owners).map(|(s, o)| s.is_none_or(|s| names[s as usize] != *o)).collect();
        let (powers, states) = (map(pair, "power"), map(pair, "state"));
        let power = map(site, "power");
        let pairs = powers.to.iter().zip(&states.to);
        let owned = pairs.map(|(p, s)| (0..n).filter(|&i| p.is_some() && s.is_some() && power.to[i] == *p && of_state.to[i] == *s).collect());
        let (valid, producing) = (profile("valid"), profile("producing"));
        let moved = |profile: &[Vec<f64>], t: usize| profile.iter().any(|of_site| t == 0 || of_site[t] != of_site[t - 1]);
        let changes = (0..world.months()).map(|t| moved(&valid, t) || moved(&producing, t)).collect();
        Some(Self {
            keys: world.axis(site).keys.clone(),
            province: map(site, "province"),
            owned: owned.collect(),
            power,
            licensed: kinds.iter().zip(&foreign).map(|(k, f)| *f && LICENSED.contains(&k.as_str())).collect(),
            foreign,
            kind,
            foreign_staff: world.numbers(site, "foreign_staff_share").map_or_else(|| vec![0.0; n], <[f64]>::to_vec),
            valid,
            producing,
            changes,
            everywhere: Map { to: vec![Some(0); n], len: 1 },
            state: of_state,
        })
    }
}
