//! Ports: what the mechanism owns, reads and takes as parameters.

use oxus_kernel::{AxisId, Kind, Own, Param, Ports, Read, Scale, Sum, Variable};

const ANY: f64 = f64::INFINITY;

const fn persons(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "persons", Kind::Stock, about).within(0.0, ANY)
}

const fn flow(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "persons/month", Kind::Flow, about).within(0.0, ANY)
}

const fn index(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "1", Kind::Index, about).within(0.0, 1.0)
}

/// The mechanism: ports.
pub struct Migration {
    pub(super) workers: Own,
    pub(super) arrivals: Own,
    pub(super) extortion: Own,
    pub(super) perceived: Own,
    pub(super) quality: Own,
    pub(super) anxiety: Own,
    pub(super) mobilisation: Own,
    pub(super) discrimination: Own,
    pub(super) prosecutions: Own,
    pub(super) abroad: Own,
    pub(super) departures: Own,
    pub(super) returnees: Own,
    pub(super) workers_rate: Sum,
    pub(super) quality_target: Sum,
    pub(super) anxiety_target: Sum,
    pub(super) mobilisation_target: Sum,
    pub(super) discrimination_target: Sum,
    pub(super) loans: Read,
    pub(super) income: Read,
    pub(super) entry: Read,
    pub(super) rouble: Read,
    pub(super) sender: Param,
    pub(super) n: NumberPorts,
    pub(super) axes: Axes,
}

/// Axes of the frame.
pub(super) struct Axes {
    pub state: AxisId,
    pub power: AxisId,
    pub site: AxisId,
}

impl Migration {
    pub(super) fn declare_ports(ports: &mut Ports<'_>) -> Self {
        let towards = |name, about| Variable::modifier(name, "state", Scale::Additive, about);
        Self {
            workers: ports.own(&persons("migration.chinese_workers", "Foreign workers and traders sent by the power that lends and builds.")),
            arrivals: ports.own(&flow("migration.arrivals", "Such workers who arrive in the month.")),
            extortion: ports.own(&flow("migration.extortion", "Arrivals of whom the police try to extort money.")),
            perceived: ports.own(&persons("migration.perceived", "What people believe the number of foreign workers to be.")),
            quality: ports.own(&index("migration.data_quality", "Published data on foreign workers, 0 none to 1 complete and trusted.")),
            anxiety: ports.own(&index("migration.anxiety", "Anxiety of the host society about foreign labour, 0 none to 1 dread.")),
            mobilisation: ports.own(&index("migration.mobilisation", "Politics that lives on this anxiety, 0 none to 1 it sets the agenda.")),
            discrimination: ports.own(&index("migration.discrimination", "Daily discrimination of foreign workers, 0 none to 1 everywhere.")),
            prosecutions: ports.own(&flow("migration.prosecutions", "Persons prosecuted for stirring up feeling against foreign labour.")),
            abroad: ports.own(&persons("migration.abroad", "Own labour migrants abroad.")),
            departures: ports.own(&flow("migration.departures", "Labour migrants who leave.")),
            returnees: ports.own(&flow("migration.returnees", "Labour migrants who return.")),
            workers_rate: ports.sum(&Variable::modifier(
                "migration.workers.log_rate",
                "state",
                Scale::Log,
                "Shifts the log number of foreign workers for whom there is work.",
            )),
            quality_target: ports.sum(&towards("migration.data_quality.target", "Shifts where the quality of data tends to.")),
            anxiety_target: ports.sum(&towards("migration.anxiety.target", "Shifts where anxiety tends to.")),
            mobilisation_target: ports.sum(&towards("migration.mobilisation.target", "Shifts where mobilisation tends to.")),
            discrimination_target: ports.sum(&towards("migration.discrimination.target", "Shifts where discrimination tends to.")),
            loans: ports.prev("finance.loans_disbursed", "state", "million USD@2012/month"),
            income: ports.prev("finance.host_income", "state", "1"),
            entry: ports.now("drivers.migrant_entry", "world", "1"),
            rouble: ports.now("drivers.rouble", "world", "1"),
            sender: ports.param("sender", "power", "1"),
            n: NumberPorts::declare(ports),
            axes: Axes { state: ports.axis("state"), power: ports.axis("power"), site: ports.axis("site") },
        }
    }
}

/// Declares the ports of parameters that have a value for each state.
macro_rules! state_ports {
    ($($name:ident: $unit:literal, $about:literal;)+) => {
        /// Parameters by state.
        pub(super) struct NumberPorts {
            $(#[doc = $about] pub $name: Param,)+
        }

        impl NumberPorts {
            fn declare(ports: &mut Ports<'_>) -> Self {
                Self { $($name: ports.param(stringify!($name), "state", $unit),)+ }
            }
        }
    };
}

state_ports! {
    workers_start: "persons", "Foreign workers at the origin.";
    jobs: "persons yr/(million USD@2012)", "Foreign workers for a million dollars a year of loans paid out.";
    stay_months: "month", "How long a foreign worker stays.";
    blur: "1", "Log of how far rumour exceeds the count where there are no data.";
    quality_start: "1", "Quality of data at the origin.";
    quality_months: "month", "Time constant of the quality of data.";
    anxiety_start: "1", "Anxiety at the origin.";
    anxiety_sensitivity: "1", "Rise of anxiety for each unit of log perceived stock.";
    anxiety_months: "month", "Time constant of anxiety.";
    mobilisation_start: "1", "Mobilisation at the origin.";
    mobilisation_slope: "1", "Rise of the log odds of mobilisation as anxiety goes from 0 to 1.";
    mobilisation_months: "month", "Time constant of mobilisation.";
    discrimination_start: "1", "Discrimination at the origin.";
    discrimination_slope: "1", "Rise of discrimination as anxiety goes from 0 to 1.";
    discrimination_months: "month", "Time constant of discrimination.";
    prosecution_rate: "persons/yr", "Persons prosecuted at the mobilisation of the origin.";
    extortion_share: "1", "Part of the arrivals of whom the police try to extort money.";
    abroad_start: "persons", "Own labour migrants abroad at the origin.";
    return_rate: "1/yr", "Part of the migrants abroad who return in a year.";
    entry_elasticity: "1", "Log rise of migrants wanted for each unit of the log of entry rules.";
    rouble_elasticity: "1", "The same for the value of the rouble.";
    income_elasticity: "1", "The same for migrants' income.";
    departure_part: "1", "Part of the adjustment that departures take, the rest being returns.";
}
