# Branches of other widths are added.
keratin check residual.json --call build
