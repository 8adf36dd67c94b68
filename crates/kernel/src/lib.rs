//! Variables, ports, links, planner, events and interventions: the simulation without any input or output.
