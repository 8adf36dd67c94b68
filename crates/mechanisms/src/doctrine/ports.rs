//! What doctrine owns and reads, and the frame of pairs, sites and contracts.

use oxus_kernel::{Emit, Kind, NoiseIn, Own, Param, Ports, Read, Scale, Step, Sum, Variable, World};

use crate::rows::{Row, row};

const fn mind(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power", "1", Kind::Index, about).within(0.0, 1.0)
}

const CONCERN: Variable = mind("doctrine.concern", "Worry over the region as officials voice it in private, 0 none to 1 the first of all worries.");
const PUBLIC: Variable = mind("doctrine.public_line", "Worry as the power states it in public.");
const NORM: Variable = mind("doctrine.non_interference", "How far the power holds itself bound to keep out of others' affairs.");
const ATTENTION: Variable = mind("doctrine.attention", "Part of the power's attention abroad that the region gets, 1 all it could give.");
const COHERENCE: Variable = mind("doctrine.coherence", "How far ministries and firms follow one policy.");

const LEVEL: Variable = Variable::new(
    "doctrine.level",
    "power_state",
    "1",
    Kind::Count,
    "Rung reached this month: 0 none, 1 statement, 2 demarche, 3 money, 4 police or border aid, 5 deployment.",
)
.within(0.0, 5.0);
const HIGHEST: Variable = Variable::new("doctrine.highest", "power_state", "1", Kind::Count, "Highest rung so far.").within(0.0, 5.0);
const ENGAGEMENT: Variable =
    Variable::new("doctrine.engagement", "power_state", "1", Kind::Index, "Depth of the power's diplomatic and economic work in the state.")
        .within(0.0, 1.0);
const PRESSURE: Variable =
    Variable::new("doctrine.pressure", "power_state", "1", Kind::Index, "Pressure on the state's rulers behind closed doors.").within(0.0, 1.0);

const CONCERN_TARGET: Variable = Variable::modifier("doctrine.concern.target", "power", Scale::Additive, "Shifts where private concern tends to.");
const NORM_TARGET: Variable =
    Variable::modifier("doctrine.non_interference.target", "power", Scale::Additive, "Shifts where the norm of non-interference tends to.");
const ATTENTION_TARGET: Variable = Variable::modifier("doctrine.attention.target", "power", Scale::Additive, "Shifts where attention tends to.");
const COHERENCE_TARGET: Variable = Variable::modifier("doctrine.coherence.target", "power", Scale::Additive, "Shifts where coherence tends to.");
const RESPONSE: Variable = Variable::modifier("doctrine.response.logit", "power_state", Scale::Logit, "Shifts the power up the ladder.");
const PRESSURE_TARGET: Variable =
    Variable::modifier("doctrine.pressure.target", "power_state", Scale::Additive, "Shifts where pressure behind closed doors tends to.");
const ENGAGEMENT_TARGET: Variable =
    Variable::modifier("doctrine.engagement.target", "power_state", Scale::Additive, "Shifts where engagement tends to.");

/// Numbers that hold for the whole region, a value for each lane.
macro_rules! scalar_rows {
    ($($name:ident: $unit:literal),+ $(,)?) => {
        /// Numbers that hold for the whole region, of all lanes.
        #[derive(Clone, Copy, Debug, Default)]
        pub(super) struct Scalars {
            $(pub $name: Row,)+
        }

        /// Their ports.
        pub(super) struct ScalarPorts {
            $($name: Param,)+
        }

        impl ScalarPorts {
            fn declare(ports: &mut Ports<'_>) -> Self {
                Self { $($name: ports.param(stringify!($name), "world", $unit),)+ }
            }

            /// Reads them anew: interventions may change them between months.
            #[inline(always)]
            pub fn read(&self, step: &Step<'_>, out: &mut Scalars) {
                $(out.$name = row(step, &self.$name, 0);)+
            }
        }
    };
}

scalar_rows! {
    memory: "month", deaths_floor: "deaths/month", deaths_weight: "1", own_weight: "1", attack_weight: "1", exit_weight: "1", gas_weight: "1",
    home_weight: "1", drugs_weight: "1", concern_weight: "1", public_weight: "1", attention_weight: "1", exposure_weight: "1",
    norm_weight: "1", capacity_weight: "1", rethink: "1", rethink_from: "1",
    first_step: "1", gap_demarche: "1", gap_money: "1", gap_aid: "1", gap_deployment: "1",
    mind_months: "month", norm_months: "month", concern_events: "1", concern_home: "1", concern_vacuum: "1", attention_vacuum: "1",
    candour: "1", erosion: "1", business_pull: "1", plan: "1", engagement_months: "month", pressure_weight: "1", pressure_own: "1",
}

/// Parameters of powers.
pub(super) struct OfPowerPorts {
    /// Private concern at the origin.
    pub concern_at_origin: Param,
    /// Public line at the origin.
    pub public_at_origin: Param,
    /// Norm of non-interference at the origin.
    pub norm_at_origin: Param,
    /// Attention at the origin.
    pub attention_at_origin: Param,
    /// Coherence at the origin.
    pub coherence_at_origin: Param,
    /// How far the power feels what the leaving of foreign forces leaves behind: 1 wholly, -1 they are its own.
    pub vacuum: Param,
}

impl OfPowerPorts {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name: &str, unit: &str| ports.param(name, "power", unit);
        Self {
            concern_at_origin: of("concern_at_origin", "1"),
            public_at_origin: of("public_at_origin", "1"),
            norm_at_origin: of("norm_at_origin", "1"),
            attention_at_origin: of("attention_at_origin", "1"),
            coherence_at_origin: of("coherence_at_origin", "1"),
            vacuum: of("vacuum", "1"),
        }
    }
}

/// Parameters of pairs of a power and a state.
pub(super) struct OfPairPorts {
    /// Readiness to respond in this state beside everything else, log odds.
    pub will: Param,
    /// How far unrest in the power's own watched provinces is laid at this state's door.
    pub near_home: Param,
    /// Engagement at the origin.
    pub engagement_at_origin: Param,
    /// Pressure at the origin.
    pub pressure_at_origin: Param,
}

impl OfPairPorts {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name: &str, unit: &str| ports.param(name, "power_state", unit);
        Self {
            will: of("will", "1"),
            near_home: of("near_home", "1"),
            engagement_at_origin: of("engagement_at_origin", "1"),
            pressure_at_origin: of("pressure_at_origin", "1"),
        }
    }
}

/// The mechanism: ports.
pub struct Doctrine {
    pub(super) concern: Own,
    pub(super) public: Own,
    pub(super) norm: Own,
    pub(super) attention: Own,
    pub(super) coherence: Own,
    pub(super) level: Own,
    pub(super) highest: Own,
    pub(super) engagement: Own,
    pub(super) pressure: Own,
    pub(super) concern_target: Sum,
    pub(super) norm_target: Sum,
    pub(super) attention_target: Sum,
    pub(super) coherence_target: Sum,
    pub(super) response: Sum,
    pub(super) pressure_target: Sum,
    pub(super) engagement_target: Sum,
    pub(super) scalars: ScalarPorts,
    pub(super) of_power: OfPowerPorts,
    pub(super) of_pair: OfPairPorts,
    pub(super) lender: Param,
    pub(super) deaths_usual: Param,
    pub(super) war_here: Param,
    pub(super) deaths: Read,
    pub(super) province_deaths: Read,
    pub(super) foreign_attacks: Read,
    pub(super) staff_harmed: Read,
    pub(super) exits: Read,
    pub(super) lost_to_attacks: Read,
    pub(super) nominated: Read,
    pub(super) forces: Read,
    pub(super) expedition: Read,
    pub(super) loans: Read,
    pub(super) exports: Read,
    pub(super) imports: Read,
    pub(super) index: Read,
    pub(super) drugs: Read,
    pub(super) noise: NoiseIn,
    pub(super) event: Emit,
    pub(super) domain: u64,
}

impl Doctrine {
    pub(super) fn wire(ports: &mut Ports<'_>) -> Self {
        let money = "million USD@2012/yr";
        Self {
            concern: ports.own(&CONCERN),
            public: ports.own(&PUBLIC),
            norm: ports.own(&NORM),
            attention: ports.own(&ATTENTION),
            coherence: ports.own(&COHERENCE),
            level: ports.own(&LEVEL),
            highest: ports.own(&HIGHEST),
            engagement: ports.own(&ENGAGEMENT),
            pressure: ports.own(&PRESSURE),
            concern_target: ports.sum(&CONCERN_TARGET),
            norm_target: ports.sum(&NORM_TARGET),
            attention_target: ports.sum(&ATTENTION_TARGET),
            coherence_target: ports.sum(&COHERENCE_TARGET),
            response: ports.sum(&RESPONSE),
            pressure_target: ports.sum(&PRESSURE_TARGET),
            engagement_target: ports.sum(&ENGAGEMENT_TARGET),
            scalars: ScalarPorts::declare(ports),
            of_power: OfPowerPorts::declare(ports),
            of_pair: OfPairPorts::declare(ports),
            lender: ports.param("lender", "power", "1"),
            deaths_usual: ports.param("deaths_usual", "state", "deaths/month"),
            war_here: ports.param("war_here", "state", "1"),
            deaths: ports.prev("unrest.deaths", "state", "deaths/month"),
            province_deaths: ports.prev("unrest.province_deaths", "province", "deaths/month"),
            foreign_attacks: ports.prev("unrest.foreign_attacks", "province", "events/month"),
            staff_harmed: ports.prev("communities.staff_harmed", "site", "persons/month"),
            exits: ports.prev("regimes.irregular_exits", "state", "1"),
            lost_to_attacks: ports.prev("energy.gas.unmet_attack", "gas.contract", "bcm"),
            nominated: ports.prev("energy.gas.nominated", "gas.contract", "bcm"),
            forces: ports.prev("drivers.foreign_forces", "state", "1"),
            expedition: ports.prev("forces.expedition", "power", "1"),
            loans: ports.prev("finance.loans_stock", "state", "million USD@2012"),
            exports: ports.prev("trade.exports", "power_state", money),
            imports: ports.prev("trade.imports", "power_state", money),
            index: ports.prev("influence.index", "power_state", "1"),
            drugs: ports.prev("opiates.effort", "power", "1"),
            noise: ports.uniforms("response", "power_state"),
            event: ports.emit("doctrine.response", "power_state"),
            domain: ports.domain("response"),
        }
    }
}

/// Who is paired with whom and where a power has sites, gas and provinces of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub keys: Vec<u64>,
    /// Power and state of each pair.
    pub pairs: Vec<(usize, usize)>,
    pub powers: usize,
    pub states: usize,
    /// Sites in the hands of a power: site, pair, value, validity by month.
    pub sites: Vec<(usize, usize, f64, Vec<f64>)>,
    /// State of a province, where it has one.
    pub province_state: Vec<Option<usize>>,
    /// Provinces of powers: province, power.
    pub home: Vec<(usize, usize)>,
    /// Gas contracts whose buyer is a power: contract, pair.
    pub contracts: Vec<(usize, usize)>,
}

impl Frame {
    pub fn new(world: &World) -> Self {
        let axis = |name: &str| world.find(name).expect("internal: planning fails without the axes of the ports");
        let (pair, power, state) = (axis("power_state"), axis("power"), axis("state"));
        let (site, province, contract) = (axis("site"), axis("province"), axis("gas.contract"));
        let to = |from, into, i: usize| world.map(from, into).and_then(|m| m.to[i]).map(|x| x as usize);
        let pairs: Vec<(usize, usize)> =
            (0..world.axis(pair).len()).map(|i| (to(pair, power, i).unwrap_or(0), to(pair, state, i).unwrap_or(0))).collect();
        let pair_of = |power: usize, state: usize| pairs.iter().position(|p| *p == (power, state));
        let value = world.numbers(site, "value");
        let valid = |s: usize| world.profile(site, "valid").map_or_else(|| vec![1.0; world.months()], |v| v[s].clone());
        let owned = |s: usize| Some((s, pair_of(to(site, power, s)?, to(site, state, s)?)?, value.map_or(0.0, |v| v[s]), valid(s)));
        let buyers = world.texts(contract, "buyer");
        let bought = |c: usize| Some((c, pair_of(world.axis(power).position(&buyers?[c])?, to(contract, state, c)?)?));
        Self {
            keys: world.axis(pair).keys.clone(),
            powers: world.axis(power).len(),
            states: world.axis(state).len(),
            sites: (0..world.axis(site).len()).filter_map(owned).collect(),
            province_state: (0..world.axis(province).len()).map(|p| to(province, state, p)).collect(),
            home: (0..world.axis(province).len()).filter_map(|p| Some((p, to(province, power, p)?))).collect(),
            contracts: (0..world.axis(contract).len()).filter_map(bought).collect(),
            pairs,
        }
    }
}
