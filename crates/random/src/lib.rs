//! Keyed random streams, and distributions as data with quantile functions and samplers.
