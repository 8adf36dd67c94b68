//! Parameters that are one number for the whole region, declared once and read as a struct.

/// Declares the struct of ports of such parameters and how they are declared: `scalar_ports! { NumberPorts; name: "unit", … }`.
macro_rules! scalar_ports {
    ($ports:ident; $($name:ident: $unit:literal),+ $(,)?) => {
        /// Ports of numbers that hold for the whole region.
        pub(super) struct $ports {
            $(pub $name: oxus_kernel::Param,)+
        }

        impl $ports {
            pub(super) fn declare(ports: &mut oxus_kernel::Ports<'_>) -> Self {
                Self { $($name: ports.param(stringify!($name), "world", $unit),)+ }
            }
        }
    };
}

/// Declares a struct of numbers, the struct of their ports, how the ports are declared and how a lane's numbers are read.
///
/// `scalars! { Numbers, NumberPorts; name: "unit", … }`: each field is the parameter of that name.
macro_rules! scalars {
    ($numbers:ident, $ports:ident; $($name:ident: $unit:literal),+ $(,)?) => {
        /// Numbers that hold for the whole region, of one lane.
        #[derive(Clone, Copy, Debug, Default)]
        pub(super) struct $numbers {
            $(pub $name: f64,)+
        }

        scalar_ports! { $ports; $($name: $unit),+ }

        impl $ports {
            pub(super) fn at(&self, step: &oxus_kernel::Step<'_>, lane: usize) -> $numbers {
                $numbers { $($name: step.get(&self.$name, 0, lane),)+ }
            }
        }
    };
}
