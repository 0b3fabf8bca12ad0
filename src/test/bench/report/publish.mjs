export const tables=()=>''; export const publish=()=>{};
