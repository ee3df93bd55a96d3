"""The methods of the decision: `official` decides, `certainty` advises."""
