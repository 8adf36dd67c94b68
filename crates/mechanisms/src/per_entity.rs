//! Parameters that have a value for each entity of an axis, declared once and read as a struct.

/// Declares the struct of ports of such parameters and how they are declared: `entity_ports! { NumberPorts, "axis"; name: "unit", "about"; … }`.
macro_rules! entity_ports {
    ($ports:ident, $axis:literal; $($name:ident: $unit:literal, $about:literal;)+) => {
        #[doc = concat!("Ports of numbers of each entity of the axis `", $axis, "`.")]
        pub(super) struct $ports {
            $(#[doc = $about] pub $name: oxus_kernel::Param,)+
        }

        impl $ports {
            pub(super) fn declare(ports: &mut oxus_kernel::Ports<'_>) -> Self {
                Self { $($name: ports.param(stringify!($name), $axis, $unit),)+ }
            }
        }
    };
}

/// Declares a struct of numbers, the struct of their ports, how the ports are declared and how the numbers of one entity and lane are read.
///
/// `per_entity! { Numbers, NumberPorts, "axis"; name: "unit", "about"; … }`: each field is the parameter of that name.
macro_rules! per_entity {
    ($numbers:ident, $ports:ident, $axis:literal; $($name:ident: $unit:literal, $about:literal;)+) => {
        #[doc = concat!("Numbers of one entity of the axis `", $axis, "` in one lane.")]
        #[derive(Clone, Copy, Debug, Default)]
        pub(super) struct $numbers {
            $(#[doc = $about] pub $name: f64,)+
        }

        entity_ports! { $ports, $axis; $($name: $unit, $about;)+ }

        impl $ports {
            #[inline]
            pub(super) fn at(&self, step: &oxus_kernel::Step<'_>, entity: usize, lane: usize) -> $numbers {
                $numbers { $($name: step.get(&self.$name, entity, lane),)+ }
            }
        }
    };
}
