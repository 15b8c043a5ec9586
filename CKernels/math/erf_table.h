// Where the error function is looked up, on ISAs that can: polynomials for pieces of it.
#ifndef CK_MATH_ERF_TABLE_H
#define CK_MATH_ERF_TABLE_H

/// Piece j is what lies within 0.128 of 0.256 j and has column j; from 3.95 on the function rounds to 1. The rows are
/// those that `vf32_of_piece` takes. Centres are floats near 0.256 j whose function is near a float, within 2^-10 ULP
/// up to 3.1 and 2^-2 beyond, so that hardly any error is in it. Coefficients minimise the largest relative error
/// (Lawson's weighted least squares), below 2^-25, and were rounded one after the other, each fitted anew to those
/// before it.
static const float erf_table[7][16] = {
    {
        0, 0x1.063116p-2f, 0x1.062416p-1f, 0x1.8944d2p-1f, 0x1.0624cap+0f, 0x1.47ac66p+0f, 0x1.893b28p+0f,
        0x1.cacfeep+0f, 0x1.06338p+1f, 0x1.26e656p+1f, 0x1.47bcf6p+1f, 0x1.686684p+1f, 0x1.893c72p+1f,
        0x1.aa0b88p+1f, 0x1.cab0e4p+1f, 0x1.eb852p+1f,
    },
    {
        0, 0x1.2182f6p-2f, 0x1.0fdc2ap-1f, 0x1.71fd76p-1f, 0x1.b47126p-1f, 0x1.dc0562p-1f, 0x1.f0b9ep-1f,
        0x1.fa3c76p-1f, 0x1.fe1218p-1f, 0x1.ff6d0cp-1f, 0x1.ffd98ap-1f, 0x1.fff70ap-1f, 0x1.fffe2cp-1f,
        0x1.ffffacp-1f, 0x1.fffff2p-1f, 0x1.fffffep-1f,
    },
    {
        0x1.06eba8p-3f, 0x1.0e88dap+0f, 0x1.bc8228p-1f, 0x1.4041d8p-1f, 0x1.94ea94p-2f, 0x1.c1051p-3f,
        0x1.b49fa2p-4f, 0x1.744228p-5f, 0x1.164d76p-6f, 0x1.6e318ep-8f, 0x1.a486aep-10f, 0x1.aaa63cp-12f,
        0x1.78dc1ap-14f, 0x1.243bfep-16f, 0x1.910ffap-19f, 0x1.ddfe46p-22f,
    },
    {
        0x1.5754f6p-22f, -0x1.1512bap-2f, -0x1.c72a5ep-2f, -0x1.ebfa74p-2f, -0x1.9ea274p-2f, -0x1.1f5e92p-2f,
        -0x1.4f5812p-3f, -0x1.4d973cp-4f, -0x1.1d0b28p-5f, -0x1.a5d372p-7f, -0x1.0d2a42p-8f, -0x1.2c47a2p-10f,
        -0x1.215f84p-12f, -0x1.03e778p-14f, -0x1.d439d4p-19f, -0x1.abe388p-25f,
    },
    {
        -0x1.812bc8p-2f, -0x1.39717ep-2f, -0x1.19fbb6p-3f, 0x1.334acp-5f, 0x1.28287p-3f, 0x1.54c144p-3f,
        0x1.0ea25p-3f, 0x1.508ac8p-4f, 0x1.56e34cp-5f, 0x1.257182p-6f, 0x1.a86d6p-8f, 0x1.08122ep-9f,
        0x1.18a64ep-11f, 0x1.01177ap-13f, 0x1.955d58p-16f, 0x1.1ba152p-18f,
    },
    {
        0x1.481ed2p-12f, 0x1.071352p-3f, 0x1.755278p-3f, 0x1.29587cp-3f, 0x1.f466f6p-5f, -0x1.97d63p-7f,
        -0x1.7cecbp-5f, -0x1.7b691ap-5f, -0x1.00458p-5f, -0x1.0cde68p-6f, -0x1.c97638p-8f, -0x1.45d6bep-9f,
        -0x1.85b07p-11f, 0x1.bedb4p-15f, -0x1.f571fp-12f, -0x1.c5a52p-14f,
    },
    {
        0x1.c61042p-4f, 0x1.46250ep-4f, 0x1.308e64p-8f, -0x1.c3d436p-5f, -0x1.15f5e6p-4f, -0x1.6220d6p-5f,
        -0x1.68822ap-7f, 0x1.15edfap-7f, 0x1.a94cc4p-7f, 0x1.3d084cp-7f, 0x1.530a1cp-8f, 0x1.1d2cacp-9f,
        0x1.87e478p-11f, 0x1.fd6dcap-13f, 0x1.ba817cp-14f, 0x1.62a106p-17f,
    },
};

#endif
