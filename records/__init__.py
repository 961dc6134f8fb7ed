"""The parts that all records share: shapes, derivation from models, the set-based write, changes and the admin base."""
