"""Pages of the company's space about the promise, calls, money and wages."""
