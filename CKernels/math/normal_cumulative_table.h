// Where the cumulative function of the normal distribution is looked up, on ISAs that can: polynomials for pieces of it.
#ifndef CK_MATH_NORMAL_CUMULATIVE_TABLE_H
#define CK_MATH_NORMAL_CUMULATIVE_TABLE_H

/// Phi(-t) for t within 3/32 of 3/16 j is the sum of normal_cumulative_table[i][j] (t - 3/16 j)^i: interpolated at the
/// nodes of Chebyshev, then rounded; absolute error below 2^-25.7 up to the last piece, which is zero.
static const float normal_cumulative_table[5][32] = {
    {
        0x1p-1f, 0x1.b3d97cp-2f, 0x1.6a527ap-2f, 0x1.25c5e4p-2f, 0x1.d022p-3f, 0x1.64dd8ep-3f, 0x1.0ad7dap-3f,
        0x1.83cab6p-4f, 0x1.11a46ep-4f, 0x1.76d04ep-5f, 0x1.f20394p-6f, 0x1.40cccep-6f, 0x1.90925p-7f,
        0x1.e49cecp-8f, 0x1.1bee6cp-8f, 0x1.42297ap-9f, 0x1.61de2p-10f, 0x1.7832e6p-11f, 0x1.8301bep-12f,
        0x1.812f0ep-13f, 0x1.72d956p-14f, 0x1.595676p-15f, 0x1.36feaep-16f, 0x1.0ed0e2p-17f, 0x1.c80728p-19f,
        0x1.733238p-20f, 0x1.24149ap-21f, 0x1.bc4ed8p-23f, 0x1.46a16cp-24f, 0x1.d02498p-26f, 0x1.3eb346p-27f,
        0,
    },
    {
        -0x1.988444p-2f, -0x1.916602p-2f, -0x1.7cc78ap-2f, -0x1.5cbdbap-2f, -0x1.345d6p-2f, -0x1.073e68p-2f,
        -0x1.b1ec74p-3f, -0x1.594776p-3f, -0x1.094098p-3f, -0x1.8977e8p-4f, -0x1.19bfb8p-4f, -0x1.858fd4p-5f,
        -0x1.0402e6p-5f, -0x1.4f18bp-6f, -0x1.a0f1fap-7f, -0x1.f4dd2ep-8f, -0x1.2271a2p-8f, -0x1.45363p-9f,
        -0x1.5f8fccp-10f, -0x1.6eeae2p-11f, -0x1.71b6f6p-12f, -0x1.67a9dap-13f, -0x1.51cc54p-14f,
        -0x1.324d3ep-15f, -0x1.0c259cp-16f, -0x1.c54532p-18f, -0x1.71dd56p-19f, -0x1.236132p-20f,
        -0x1.bb3cd8p-22f, -0x1.457914p-23f, -0x1.cd7b2ap-25f, 0,
    },
    {
        0, 0x1.2d0c78p-5f, 0x1.1d959ep-4f, 0x1.885564p-4f, 0x1.ce8bfap-4f, 0x1.ed94e8p-4f,
        0x1.e829e6p-4f, 0x1.c52dbp-4f, 0x1.8de0ccp-4f, 0x1.4bfd1ap-4f, 0x1.0823b2p-4f, 0x1.91bc4cp-5f,
        0x1.248348p-5f, 0x1.986634p-6f, 0x1.119ef4p-6f, 0x1.602bdcp-7f, 0x1.b3ab12p-8f, 0x1.0327b6p-8f,
        0x1.28a228p-9f, 0x1.46ca66p-10f, 0x1.5a9d2ep-11f, 0x1.620d56p-12f, 0x1.5c5d56p-13f, 0x1.4a3e54p-14f,
        0x1.2dadb2p-15f, 0x1.099a22p-16f, 0x1.c2cd02p-18f, 0x1.70ce08p-19f, 0x1.22e66cp-20f, 0x1.ba7c1ap-22f,
        0x1.44846p-23f, 0,
    },
    {
        0x1.0fe572p-4f, 0x1.01c816p-4f, 0x1.b3b42p-5f, 0x1.3d8e68p-5f, 0x1.67c8e8p-6f, 0x1.565576p-8f,
        -0x1.317698p-7f, -0x1.4b964ap-6f, -0x1.b907fep-6f, -0x1.e3cd3p-6f, -0x1.d7ec9cp-6f, -0x1.a6375p-6f,
        -0x1.6003d6p-6f, -0x1.140e4p-6f, -0x1.99b188p-7f, -0x1.20d624p-7f, -0x1.840edap-8f, -0x1.f1d9acp-9f,
        -0x1.3173e2p-9f, -0x1.66f73p-10f, -0x1.946e34p-11f, -0x1.b533aap-12f, -0x1.c5cdccp-13f,
        -0x1.c4899ap-14f, -0x1.b1c3bap-15f, -0x1.8fce26p-16f, -0x1.627b7ap-17f, -0x1.2e6eb4p-18f,
        -0x1.f0b482p-20f, -0x1.88b0bp-21f, -0x1.2af45ap-22f, 0,
    },
    {
        0x1.d17998p-112f, -0x1.28fbbap-7f, -0x1.0fb94ep-6f, -0x1.5e6242p-6f, -0x1.7745d4p-6f, -0x1.5c8eaep-6f,
        -0x1.19fc1p-6f, -0x1.81d3d6p-7f, -0x1.8e59bap-8f, -0x1.11375cp-10f, 0x1.692eaep-9f, 0x1.4ee664p-8f,
        0x1.917dcp-8f, 0x1.8ff7cep-8f, 0x1.62a318p-8f, 0x1.202b6p-8f, 0x1.b3d3d2p-9f, 0x1.358736p-9f,
        0x1.9f61dp-10f, 0x1.0869a4p-10f, 0x1.404c9ep-11f, 0x1.7201a4p-12f, 0x1.984fe4p-13f, 0x1.af0576p-14f,
        0x1.b3b88ap-15f, 0x1.a63254p-16f, 0x1.886a4ap-17f, 0x1.5e16b4p-18f, 0x1.2bf2e4p-19f, 0x1.edd6dep-21f,
        0x1.86c272p-22f, 0,
    },
};

#endif
