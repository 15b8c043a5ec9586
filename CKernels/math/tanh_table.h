// Where the hyperbolic tangent is looked up, on ISAs that can: polynomials for pieces of it.
#ifndef CK_MATH_TANH_TABLE_H
#define CK_MATH_TANH_TABLE_H

/// The first piece is all below 0.125; the others, up to 9.2, each go a quarter of the way from a power of two to the
/// next. The column of a piece is what the last three bits of the exponent and the first two of the fraction say: the
/// first has 15, that from 0.125 on 16, and the last 8; those from 9 to 14 belong to none. The rows are those of
/// `erf_table`, made alike: the function of every centre but that of column 8 is within 2^-11 ULP of a float, and the
/// relative error of every polynomial is below 2^-26.
static const float tanh_table[7][32] = {
    {
        0x1.1ff226p+1f, 0x1.5ff05ep+1f, 0x1.a05aeap+1f, 0x1.e0246ep+1f, 0x1.20347ap+2f, 0x1.5fe8bep+2f,
        0x1.9fef28p+2f, 0x1.e0d5c4p+2f, 0x1.141d94p+3f, 0, 0, 0, 0, 0, 0, 0, 0x1.1ff20ep-3f, 0x1.6006ap-3f,
        0x1.a01724p-3f, 0x1.e01738p-3f, 0x1.1ff652p-2f, 0x1.600068p-2f, 0x1.9fefaap-2f, 0x1.e0167ep-2f,
        0x1.1ff3a2p-1f, 0x1.5ffc7cp-1f, 0x1.9fef8ap-1f, 0x1.dff95ap-1f, 0x1.20155cp+0f, 0x1.5fef1ep+0f,
        0x1.a01248p+0f, 0x1.dfe98p+0f,
    },
    {
        0x1.f4bd6ep-1f, 0x1.fbd406p-1f, 0x1.fe78a6p-1f, 0x1.ff6f6ap-1f, 0x1.ffdfdcp-1f, 0x1.fffb9cp-1f,
        0x1.ffff68p-1f, 0x1.ffffecp-1f, 0x1.fffffep-1f, 0, 0, 0, 0, 0, 0, 0, 0x1.1e1024p-3f, 0x1.5c9976p-3f,
        0x1.9a7552p-3f, 0x1.d77c5ap-3f, 0x1.189aa6p-2f, 0x1.52c322p-2f, 0x1.8a79f8p-2f, 0x1.bfc09cp-2f,
        0x1.04ff48p-1f, 0x1.31559cp-1f, 0x1.577ff2p-1f, 0x1.77d528p-1f, 0x1.9e6b72p-1f, 0x1.c27104p-1f,
        0x1.d9cc3cp-1f, 0x1.e87494p-1f,
    },
    {
        0x1.645bfp-5f, 0x1.09e80ep-6f, 0x1.86c482p-8f, 0x1.210336p-9f, 0x1.011a5ep-11f, 0x1.1900a6p-14f,
        0x1.3001eap-17f, 0x1.40052p-20f, 0x1.130a3p-23f, 0, 0, 0, 0, 0, 0, -0x1.54678cp-30f, 0x1.f602cp-1f,
        0x1.f12a74p-1f, 0x1.eb6f2p-1f, 0x1.e4dd2ap-1f, 0x1.d98daap-1f, 0x1.c7f704p-1f, 0x1.b4048ap-1f,
        0x1.9e1bbap-1f, 0x1.7af43cp-1f, 0x1.49e972p-1f, 0x1.198bf2p-1f, 0x1.d83dd4p-2f, 0x1.61204ep-2f,
        0x1.cedcf8p-3f, 0x1.26374ep-3f, 0x1.700d5ap-4f,
    },
    {
        -0x1.5c8316p-5f, -0x1.07b988p-6f, -0x1.8592ecp-8f, -0x1.20ac2ep-9f, -0x1.00b782p-11f,
        -0x1.18a416p-14f, -0x1.2f9fdap-17f, -0x1.3f9bap-20f, -0x1.e5db02p-23f, 0, 0, 0, 0, 0, 0,
        0x1.e20562p-22f, -0x1.187b56p-3f, -0x1.527fd2p-3f, -0x1.89f894p-3f, -0x1.be7f34p-3f, -0x1.038888p-2f,
        -0x1.2dafdap-2f, -0x1.4fef6p-2f, -0x1.6a24fep-2f, -0x1.8259eap-2f, -0x1.897d76p-2f, -0x1.79c73cp-2f,
        -0x1.5aa5e4p-2f, -0x1.1dd3bap-2f, -0x1.9736fap-3f, -0x1.1043acp-3f, -0x1.5f2096p-4f,
    },
    {
        0x1.bc25e6p-6f, 0x1.59e5cep-7f, 0x1.022632p-8f, 0x1.80099ap-10f, 0x1.55fd82p-12f, 0x1.762f3ap-15f,
        0x1.94d60ep-18f, 0x1.a98e1cp-21f, 0x1.2a627cp-24f, 0, 0, 0, 0, 0, 0, -0x1.555c38p-2f, -0x1.3b593ap-2f,
        -0x1.2ef29ep-2f, -0x1.202604p-2f, -0x1.101578p-2f, -0x1.e8f214p-3f, -0x1.982df6p-3f, -0x1.4255ecp-3f,
        -0x1.d6fd7cp-4f, -0x1.bd96fcp-5f, 0x1.d7c1b6p-7f, 0x1.071bbep-4f, 0x1.84231p-4f, 0x1.c69344p-4f,
        0x1.97ef12p-4f, 0x1.33c28p-4f, 0x1.a898ep-5f,
    },
    {
        -0x1.961f6p-7f, -0x1.51a50ep-8f, -0x1.01d788p-9f, -0x1.82b754p-11f, -0x1.664e72p-13f,
        -0x1.884aacp-16f, -0x1.a8823ap-19f, -0x1.bec7a4p-22f, 0x1.f0a90ap-23f, 0, 0, 0, 0, 0, 0,
        0x1.0e017p-11f, 0x1.691876p-4f, 0x1.acc54ap-4f, 0x1.ed0228p-4f, 0x1.1183ap-3f, 0x1.33478ap-3f,
        0x1.503656p-3f, 0x1.5c4896p-3f, 0x1.58529ap-3f, 0x1.3a0596p-3f, 0x1.e96e0ep-4f, 0x1.47694ap-4f,
        0x1.630552p-5f, 0x1.d9c00cp-9f, -0x1.59becp-6f, -0x1.9bb0ep-6f, -0x1.55c10ep-6f,
    },
    {
        0x1.04aeb2p-8f, 0x1.f66b7cp-10f, 0x1.9451bp-11f, 0x1.332396p-12f, 0x1.1fb2p-14f, 0x1.38b17cp-17f,
        0x1.52babp-20f, 0x1.6ec7e2p-23f, 0x1.c7feecp-24f, 0, 0, 0, 0, 0, 0, 0x1.09e7bap-3f, 0x1.db472ap-1f,
        0x1.10aae8p+0f, 0x1.b231a8p-4f, 0x1.a28d3cp-1f, -0x1.92cb8p-6f, -0x1.fc1baap-6f, -0x1.1e5736p-4f,
        0x1.997cecp-9f, -0x1.584e96p-5f, -0x1.0e1f12p-4f, -0x1.14a514p-4f, -0x1.a76364p-5f, -0x1.06dfecp-5f,
        -0x1.385d96p-7f, 0x1.64e976p-10f, 0x1.2c9f88p-8f,
    },
};

#endif
