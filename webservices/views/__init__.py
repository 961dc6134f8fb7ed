"""HTTP in and out, one module per wire, with its addresses: views translate, they decide nothing."""
