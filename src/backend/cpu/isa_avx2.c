/* isa_avx2.c - the loops of this folder for x86-64 with AVX2 and FMA. */
#include "backend/cpu/isa.inc"

KT_ISA_TABLE(avx2);
