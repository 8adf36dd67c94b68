//! Parameters, one value for each state.

per_entity! {
    Numbers, NumberPorts, "state";
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
