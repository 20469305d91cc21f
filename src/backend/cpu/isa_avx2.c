#include "backend/cpu/isa.inc"
KT_ISA_TABLE(avx2);
