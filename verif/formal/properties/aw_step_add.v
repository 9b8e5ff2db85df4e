    // ---- properties: a sum of 64 bits decides ----
    wire signed [63:0] f_exact = $signed(accumulator_i) + $signed(chunk_i) + 64'sd0;
    wire signed [63:0] f_high  = (64'sd1 <<< (ACC_BITS - 1)) - 64'sd1;
    wire signed [63:0] f_low   = -f_high - 64'sd1;
    wire signed [63:0] f_sum   = sum_o;
    wire signed [63:0] f_turn  = 64'sd1 <<< ACC_BITS;
    always @* begin
        // Raised exactly when the exact sum leaves the range.
        assert (overflow_o == (f_exact > f_high || f_exact < f_low));
        if (!overflow_o) assert (f_sum == f_exact);
        if (overflow_o && SATURATE != 0) assert (f_sum == (f_exact > f_high ? f_high : f_low));
        if (overflow_o && SATURATE == 0 && ACC_BITS >= CHUNK_BITS)
            assert (f_sum == (f_exact > f_high ? f_exact - f_turn : f_exact + f_turn));
    end
    always @* cover (overflow_o && f_exact > f_high);
    always @* cover (overflow_o && f_exact < f_low);
    always @* cover (f_exact == f_high);
