"""The shapes that all layers speak in: values, fields, resources, problems, outcomes, criteria. Free of Django."""
