//! Parameters, one value for each state.

use oxus_kernel::{Param, Ports, Step};

macro_rules! numbers {
    ($($name:ident: $unit:literal, $about:literal;)+) => {
        /// The numbers of one state in one lane.
        #[derive(Clone, Copy, Debug)]
        pub(super) struct Numbers {
            $(#[doc = $about] pub $name: f64,)+
        }

        /// Their ports.
        pub(super) struct NumberPorts {
            contested: Param,
            $($name: Param,)+
        }

        impl NumberPorts {
            pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
                Self { contested: ports.param("contested", "state", "1"), $($name: ports.param(stringify!($name), "state", $unit),)+ }
            }

            #[inline]
            pub(super) fn at(&self, step: &Step<'_>, state: usize, lane: usize) -> Numbers {
                Numbers { $($name: step.get(&self.$name, state, lane),)+ }
            }
        }
    };
}

numbers! {
    control: "1", "Share under the government at the origin.";
    legitimacy: "1", "Legitimacy at the origin.";
    legitimacy_target: "1", "Where legitimacy tends to before elections and links.";
    legitimacy_months: "month", "Time constant of legitimacy.";
    readiness: "1", "Readiness at the origin.";
    readiness_target: "1", "Where the readiness of a fully paid force tends to.";
    readiness_months: "month", "Time constant of readiness.";
    domestic_share: "1", "Share of the government's resources that it raised itself at the origin.";
    returns: "1", "Exponent of resources in the government's strength.";
    pay_need: "1", "Resources needed to pay the force in being, as a share of those of the origin.";
    foreign_weight: "1", "Strength of the foreign forces of the origin, where an accepted, ready and paid government alone has 1.";
    balance: "1", "Log ratio of the government's strength to the rebels' at the origin.";
    sanctuary: "1", "Share of the rebels' strength that rests on sanctuary abroad.";
    sanctuary_level: "1", "Level of sanctuary, 1 at the origin.";
    proxies: "1", "Share of the rebels' strength that rests on sponsors abroad.";
    proxy_level: "1", "Level of sponsorship, 1 at the origin.";
    rebel_grievance: "1", "Rise of log recruitment when legitimacy falls from 1 to 0.";
    resentment: "1", "Rise of log recruitment per level of foreign forces.";
    defection: "1", "Rise of log recruitment when nobody is paid.";
    fighter_share: "1", "Share of the rebels' strength in proportion to the fighters counted by `insurgency`.";
    speed: "1/yr", "Drift of the log odds of control for each unit of the log ratio of strengths.";
    sigma: "1", "Standard deviation of the change of the log odds over a year.";
    election_year: "1", "Year of the first election; 0 for none.";
    election_month: "1", "Month of the first election, 1 to 12.";
    election_interval: "yr", "Years between elections; 0 for a single one.";
    contested_probability: "1", "Probability that an election is contested.";
    contested_loss: "1", "What a contested election takes from the target of legitimacy.";
    accepted_gain: "1", "What an accepted election adds to the target of legitimacy.";
    collapse_below: "1", "Share of control below which the government falls.";
}

impl NumberPorts {
    /// Whether rebels contest the state (parameter `contested`, 1 or 0): only then does it have dynamics.
    #[inline]
    pub(super) fn is_contested(&self, step: &Step<'_>, state: usize, lane: usize) -> bool {
        step.get(&self.contested, state, lane) > 0.5
    }
}

impl Numbers {
    /// Month of the first election, counted from January of the year 0; never reached where there is none.
    pub(super) fn first_election(&self) -> i32 {
        if self.election_year < 1.0 { i32::MAX / 2 } else { whole(self.election_year.min(9999.0)) * 12 + whole(self.election_month.clamp(1.0, 12.0)) - 1 }
    }

    /// Months between elections.
    pub(super) fn election_interval(&self) -> i32 {
        whole(self.election_interval * super::eq::MONTHS)
    }
}

/// The nearest whole number; the conversion saturates, so that no value panics.
fn whole(x: f64) -> i32 {
    (x + 0.5).floor() as i32
}
