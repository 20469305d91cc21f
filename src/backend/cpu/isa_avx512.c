/* isa_avx512.c - the loops of this folder for x86-64 with AVX-512 F, BW, VL and DQ. */
#include "backend/cpu/isa.inc"

KT_ISA_TABLE(avx512);
