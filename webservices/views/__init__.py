"""Where HTTP comes in and goes out, one module per dialect: views translate, they decide nothing."""
