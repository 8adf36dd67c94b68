//! Numerical methods with an outside oracle, on plain slices: flows, event processes, hazards, debt, mean reversion.
