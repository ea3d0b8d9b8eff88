"""Form -> PDF -> e-mail."""
