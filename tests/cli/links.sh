# The minimal build links nothing but the C library; no build links HDF5, oneDNN or Python.
set -euo pipefail
cache=$KERATIN_BUILD/CMakeCache.txt
libraries=$(ldd "$KERATIN" | awk '{print $1}' | sed 's,.*/,,')
allowed='linux-vdso|ld-linux|libc\.|libm\.|libasan|libubsan|libtsan|libgcc_s|libstdc|librt|libdl|libpthread|libresolv|libgcov'
if ! grep -q '^KERATIN_JANSSON:[A-Z]*=OFF' "$cache"; then
    allowed="$allowed|libjansson|libzip|libz\.|libbz2|liblzma|libzstd|libcrypto|libssl|libgnutls|libnettle|libmbed"
    ! grep -E 'hdf5|dnnl|python' <<<"$libraries"
else
    ! grep -vE "^($allowed)" <<<"$libraries"
fi
