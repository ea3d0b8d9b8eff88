"""The language that formgen and harvest share: form, names, geometry, wire shapes and words."""
