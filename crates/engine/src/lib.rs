//! Pack and mechanisms into a model; cases, ensembles, run folders.
